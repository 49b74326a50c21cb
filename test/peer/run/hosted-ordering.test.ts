import { describe, expect, test } from '@jest/globals';
import { Payloads } from '../../../control/workload.ts';
import { SequenceDigest } from '../../../core/base/digest.ts';
import { ByteBlocks } from '../../../core/base/byte-blocks.ts';
import { pack } from '../../../core/channels/pack.ts';
import { contentOf } from '../../../core/records/content.ts';
import { Kind, Message } from '../../../core/message.ts';
import type { Create, Ordering, Out } from '../../../core/ordering.ts';
import { type OrderingEntry, ORDERINGS } from '../../../core/orderings/registry.ts';
import { HostedOrdering } from '../../../peer/run/hosted-ordering.ts';
import { DATAGRAM_BYTES_DEFAULT } from '../../../core/wire/datagram.ts';
import { Outbox } from '../../../peer/run/flow/outbox.ts';
import { Recorder } from '../../../peer/run/recorder.ts';

/** Member 1 of three, whose ordering has the methods in `changes`, and otherwise does nothing. */
function hosted(
  changes: (out: Out) => Partial<Ordering>,
  says: Pick<OrderingEntry, 'explain'> = {},
) {
  const create: Create = (_group, out) => {
    const idle = {
      multicast: () => undefined,
      receive: () => undefined,
      advance: () => undefined,
      deadline: Infinity,
      held: 0,
    };
    // What is read by a getter stays one.
    return Object.defineProperties(idle, Object.getOwnPropertyDescriptors(changes(out)));
  };
  const sent: string[] = [];
  const emit = (receivers: readonly number[], messages: readonly Message[]): void => {
    for (const { sender, sequence } of messages) {
      sent.push(`${sender}.${sequence} to ${receivers.join(' and ')}`);
    }
  };
  const outbox = new Outbox(3, emit, () => true, DATAGRAM_BYTES_DEFAULT);
  const recorder = new Recorder({
    self: 1,
    size: 3,
    messages: 10,
    payloads: new Payloads({ payloadBytes: 3, seed: 1 }),
    delivered: new SequenceDigest(),
    bank: null,
    events: null,
  });
  const ordering = new HostedOrdering({
    entry: { ...ORDERINGS.get('unordered')!, ...says, create },
    self: 1,
    size: 3,
    seed: 1,
    messageBytesMax: 1_000,
    events: null,
    outbox,
    recorder,
  });
  return { ordering, outbox, recorder, sent };
}

const fail = (): never => {
  throw new Error('a defect');
};

describe('an ordering in the daemon', () => {
  test.each([1.5, -1, Number.NaN, 2 ** 32])(
    'that multicasts a message with %p for a number fails, and its member says why',
    (timestamp) => {
      const { ordering, outbox } = hosted((out) => ({
        multicast: (_now, message) => out.multicast(message.withTimestamp(timestamp)),
      }));
      ordering.multicast(5, 0, 1);
      expect(ordering.failure).toMatch(/the ordering failed: .* unsigned 32-bit integer/);
      outbox.flush();
    },
  );

  test('that comes from a file fails with the place and the hint that its loader finds', () => {
    const explain = (error: unknown, inOneLine = false): string => `${String(error)}, ${inOneLine}`;
    const { ordering } = hosted(() => ({ multicast: fail }), { explain });
    ordering.multicast(5, 0, 1);
    expect(ordering.failure).toBe('the ordering failed: Error: a defect, true');
  });

  test.each([1, 3, -1, undefined, '2'])(
    'that sends to member %p fails, and nothing leaves',
    (to) => {
      const { ordering, outbox, sent } = hosted((out) => ({
        multicast: (_now, message) => out.send(to as number, message),
      }));
      ordering.multicast(5, 0, 1);
      expect(ordering.failure).toMatch(
        /the ordering failed: an ordering sent to member .*; allowed: 0 to 2, but not itself \(1\)/,
      );
      outbox.flush();
      expect(sent).toEqual([]);
    },
  );

  test('multicasts to all others, and what it delivers is recorded', () => {
    const { ordering, outbox, recorder, sent } = hosted((out) => ({
      multicast: (_now, message) => {
        out.multicast(message);
        out.deliver(message);
      },
    }));
    ordering.multicast(5, 0, 1);
    outbox.flush();
    expect(sent).toEqual(['1.0 to 0 and 2']);
    expect([...recorder.sequence.senders]).toEqual([1]);
    expect(recorder.lastDeliveryAt).toBe(5);
  });

  test('multicasts several at one instant, together where the ordering takes them so', () => {
    const calls: number[][] = [];
    const apart = (out: Out): Partial<Ordering> => ({
      multicast: (_now, message) => {
        calls.push([message.sequence]);
        out.deliver(message);
      },
    });
    const together = (out: Out): Partial<Ordering> => ({
      ...apart(out),
      multicastAll: (_now, messages) => {
        calls.push(messages.map(({ sequence }) => sequence));
        messages.forEach((message) => out.deliver(message));
      },
    });
    for (const [changes, expected] of [
      [apart, [[2], [3], [4], [5]]],
      [together, [[2, 3, 4], [5]]],
    ] as const) {
      calls.length = 0;
      const { ordering, recorder } = hosted(changes);
      ordering.multicast(5, 2, 3);
      ordering.multicast(6, 5, 1);
      expect(calls).toEqual(expected);
      expect([recorder.sequence.multicasts, recorder.distinctOwn]).toEqual([4, 4]);
    }
  });

  test('has what it delivers held against what the run prescribes, in bytes that it cannot reach', () => {
    const { ordering, recorder } = hosted((out) => ({
      multicast: (_now, message) => {
        out.deliver(message);
        message.payload[0]! ^= 1;
        out.deliver(message);
      },
      receive: (_now, _from, message) => out.deliver(message),
    }));
    ordering.multicast(5, 0, 1);
    ordering.receive(6, 0, [new Message(Kind.data, 0, 4)]);
    expect([...recorder.sequence.contents.positions]).toEqual([1, 2]);
    expect(recorder.sequence.contents.at(1)).toEqual(contentOf(new Uint8Array(0)));
  });

  test('records a pack as its messages, one after the other, with what each carried', () => {
    const payloads = new Payloads({ payloadBytes: 3, seed: 1 });
    const wrong = Uint8Array.of(1, 2, 3, 4);
    const messages = [4, 5, 6].map(
      (sequence) =>
        new Message(Kind.data, 0, sequence, sequence === 5 ? wrong : payloads.of(0, sequence)),
    );
    const whole = hosted((out) => ({
      packs: true,
      receive: (_now, _from, message) => out.deliver.pack!(message),
    }));
    const apart = hosted((out) => ({ receive: (_now, _from, message) => out.deliver(message) }));
    whole.ordering.receive(6, 0, [pack(4, messages, new ByteBlocks())]);
    apart.ordering.receive(6, 0, messages);
    for (const { recorder, ordering } of [whole, apart]) {
      expect(ordering.failure).toBeNull();
      expect([...recorder.sequence.sequences]).toEqual([4, 5, 6]);
      expect([...recorder.sequence.contents.positions]).toEqual([1]);
      expect(recorder.sequence.contents.at(0)).toEqual(contentOf(wrong));
      expect(recorder.distinct).toBe(3);
    }
    expect(whole.recorder.delivered).toEqual(apart.recorder.delivered);
    expect(whole.recorder.counters().heldMs).toEqual(apart.recorder.counters().heldMs);
  });

  test.each([
    ['no message', { sender: 0, sequence: 0 }, 'what an ordering delivers is a Message'],
    [
      'no bytes',
      new Message(Kind.data, 0, 0, 'text' as unknown as Uint8Array),
      'is of the kind String; allowed',
    ],
    ['other numbers', new Message(Kind.data, 0, 0, new Uint16Array(2) as never), 'Uint16Array'],
  ])('that delivers %s is told so', (_what, wrong, problem) => {
    const { ordering } = hosted((out) => ({ multicast: () => out.deliver(wrong as Message) }));
    ordering.multicast(5, 0, 1);
    expect(ordering.failure).toContain(problem);
  });

  test('is called when its time has come, and not before', () => {
    const calls: number[] = [];
    const { ordering } = hosted(() => ({ deadline: 10, advance: (now) => void calls.push(now) }));
    for (const now of [9, 10, 12]) ordering.advance(now);
    expect([ordering.deadline, calls]).toEqual([10, [10, 12]]);
  });

  test.each([
    ['multicasts', { multicast: fail }, (ordering: HostedOrdering) => ordering.multicast(0, 0, 1)],
    [
      'receives',
      { receive: fail },
      (ordering: HostedOrdering) => ordering.receive(0, 0, [new Message(Kind.data, 0, 0)]),
    ],
    [
      'multicasts several',
      { multicastAll: fail },
      (ordering: HostedOrdering) => ordering.multicast(0, 0, 2),
    ],
    ['waits', { deadline: 0, advance: fail }, (ordering: HostedOrdering) => ordering.advance(0)],
    [
      'tells what it waits for',
      { blockage: fail },
      (ordering: HostedOrdering) => ordering.blockage(),
    ],
  ])('that throws as it %s fails, and is not called any more', (_name, broken, use) => {
    let later = 0;
    const counting = { receive: () => void (later += 1) };
    const { ordering } = hosted(() => ({ ...counting, ...broken }));
    use(ordering);
    expect(ordering.failure).toBe('the ordering failed: a defect');
    ordering.receive(1, 0, [new Message(Kind.data, 0, 1)]);
    ordering.advance(1);
    expect([later, ordering.deadline, ordering.blockage()]).toEqual([0, Infinity, null]);
  });

  test.each([
    ['deadline', 'throws', (): number => fail(), 'a defect'],
    ['held', 'throws', (): number => fail(), 'a defect'],
    ['deadline', 'is no number', () => Number.NaN, 'deadline is NaN; allowed: a time, or Infinity'],
  ])('whose %s %s fails, and nothing but its member', (name, _how, read, problem) => {
    let isBroken = false;
    const { ordering } = hosted(() =>
      Object.defineProperty({ receive: () => void (isBroken = true) }, name, {
        get: () => (isBroken ? read() : Infinity),
        enumerable: true,
      }),
    );
    expect(ordering.failure).toBeNull();
    ordering.receive(0, 0, [new Message(Kind.data, 0, 0)]);
    expect(ordering.failure).toBe(`the ordering failed: ${problem}`);
    expect([ordering.deadline, ordering.held, ordering.isBackedUp]).toEqual([Infinity, 0, false]);
  });

  test('that leaves its deadline in the past for ever fails, instead of being called for ever', () => {
    const { ordering } = hosted(() => ({ deadline: 10 }));
    for (let now = 10; now < 10_010; now += 1) ordering.advance(now);
    expect(ordering.failure).toBeNull();
    ordering.advance(10_010);
    expect(ordering.failure).toMatch(/advance was called 10000 times in a row/);
  });

  test('that fails has multicast no more than it was given', () => {
    const { ordering, recorder } = hosted(() => ({ multicast: fail }));
    ordering.multicast(0, 0, 8);
    ordering.multicast(1, 8, 1);
    expect(recorder.sequence.multicasts).toBe(1);
  });

  test('that cannot even be made has failed from the beginning', () => {
    const { ordering, recorder } = hosted(fail);
    expect(ordering.failure).toBe('the ordering failed: a defect');
    ordering.multicast(0, 0, 1);
    expect(recorder.sequence.length).toBe(0);
  });
});
