import { Session as Inspector } from 'node:inspector/promises';
import type { ByteWriter } from '../../core/base/byte-writer.ts';
import { Kind, Message } from '../../core/message.ts';
import { ORDERINGS } from '../../core/orderings/registry.ts';
import { SetDigest } from '../../core/base/digest.ts';
import { DATAGRAM_BYTES_DEFAULT, DatagramType, writeMessages } from '../../core/wire/datagram.ts';
import { writeCredit } from '../../core/wire/credit.ts';
import { Payloads } from '../../control/workload.ts';
import { Recorder } from '../../peer/run/recorder.ts';
import { Session } from '../../peer/run/session.ts';
import { DatagramChannel } from '../../peer/transport/datagram-channel.ts';
import { GRANTED_BYTES_DEFAULT } from '../../peer/transport/receive-buffer.ts';
import { PLAIN_KEY, planOf } from '../../bench/virtual-group/plan-of.ts';

/**
 * How many blocks of code of peer/ and core/ run for a datagram with credit, which changes nothing, and for
 * the settling after it, in groups of as many members as the words say. V8 counts them (precise coverage).
 * Prints an array of numbers.
 *
 * A process of its own, `node count-settle-work.ts SIZE...`, because coverage counts all that runs in one.
 */
const DATAGRAMS = 50;
const inspector = new Inspector();
inspector.connect();
await inspector.post('Profiler.enable');
await inspector.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
const work: number[] = [];
for (const size of process.argv.slice(2).map(Number)) work.push(await workIn(size));
inspector.disconnect();
console.log(JSON.stringify(work));

async function workIn(size: number): Promise<number> {
  const { session, datagramsOf, clock } = runningMember(size);
  const credit = { packet: 1, ahead: 26, taken: 1 };
  const credits = datagramsOf(1, DATAGRAMS, DatagramType.credit, (writer) =>
    writeCredit(writer, credit),
  );
  // What was counted before is the making of the member, the beginning of its run, and these datagrams.
  await inspector.post('Profiler.takePreciseCoverage');
  for (const datagram of credits) {
    clock.nowUs += 10;
    session.receive(datagram);
    session.settle();
    if (session.wakeAt <= clock.nowUs) throw new Error('there is something to do');
  }
  const { result } = await inspector.post('Profiler.takePreciseCoverage');
  let blocks = 0;
  for (const { url, functions } of result) {
    if (!url.includes('/core/') && !url.includes('/peer/')) continue;
    for (const { ranges } of functions) for (const { count } of ranges) blocks += count;
  }
  return blocks / DATAGRAMS;
}

/** Member 0 of a run that goes on, and what makes datagrams of the others. */
function runningMember(size: number) {
  const clock = { nowUs: 0 };
  const entry = ORDERINGS.get('unordered')!;
  const plan = planOf({
    entry,
    peers: size,
    messages: 5,
    seed: 1,
    intervalMs: { min: 10_000, max: 10_000 },
    payloadBytes: 0,
    deadlineMs: 60_000,
  });
  const session = new Session({
    plan,
    self: 0,
    entry,
    channel: channelOf(0, size, () => undefined),
    receiveBufferBytes: GRANTED_BYTES_DEFAULT,
    recorder: new Recorder({
      self: 0,
      size,
      messages: plan.messages,
      payloads: new Payloads(plan),
      delivered: new SetDigest(),
      bank: null,
      events: null,
    }),
    events: null,
    clock: () => clock.nowUs,
    joinByUs: 10_000_000,
    deadlineUs: 60_000_000,
    onFlush: () => undefined,
    onEnd: () => undefined,
  });
  let made: Uint8Array[] = [];
  const channels = plan.members.map((_, self) =>
    // A channel uses its bytes again.
    channelOf(self, size, (datagram) => void made.push(datagram.slice())),
  );
  const datagramsOf = (
    from: number,
    count: number,
    type: number,
    write: (writer: ByteWriter) => void,
  ): Uint8Array[] => {
    made = [];
    for (let each = 0; each < count; each += 1) channels[from]!.send([0], type, write);
    return made;
  };
  for (let from = 1; from < size; from += 1) {
    const messages = [new Message(Kind.data, from, 0)];
    const write = (writer: ByteWriter): void => writeMessages(writer, messages);
    for (const datagram of datagramsOf(from, 1, DatagramType.messages, write)) {
      session.receive(datagram);
    }
  }
  session.settle();
  return { session, datagramsOf, clock };
}

function channelOf(
  self: number,
  size: number,
  take: (datagram: Uint8Array) => void,
): DatagramChannel {
  const send = (_to: number, datagram: Uint8Array): boolean => {
    take(datagram);
    return false;
  };
  const carrier = { losses: 0, send, close: () => undefined };
  return new DatagramChannel(self, size, PLAIN_KEY, carrier, DATAGRAM_BYTES_DEFAULT);
}
