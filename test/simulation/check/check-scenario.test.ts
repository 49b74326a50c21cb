import { describe, expect, test } from '@jest/globals';
import { reliable } from '../../../core/channels/reliable-link.ts';
import { Message } from '../../../core/message.ts';
import type { Create } from '../../../core/ordering.ts';
import { ORDERINGS, type OrderingEntry } from '../../../core/orderings/registry.ts';
import { checkScenario } from '../../../simulation/check/check-scenario.ts';
import { withEnd } from '../../../simulation/check/draw-scenario.ts';
import { reasonsOf } from '../../../simulation/check/judge.ts';
import { calmNetwork, type Scenario } from '../../../simulation/scenario.ts';

const CALM: Scenario = withEnd({
  peers: 2,
  messages: 16,
  payloadBytes: 0,
  intervalUs: { min: 20_000, max: 99_000 },
  seed: 1,
  network: calmNetwork({ kind: 'uniform', minUs: 100, maxUs: 5_000 }),
  faults: [],
});

function entryOf(create: Create, changes: Partial<OrderingEntry> = {}): OrderingEntry {
  return { ...ORDERINGS.get('fifo')!, create: reliable(create), ...changes };
}

/** Delivers what comes after a wait that `waitUs` tells, from the time and how many messages came before. */
function waiting(waitUs: (now: number, count: number) => number): Create {
  return (_group, out) => {
    const held: { readonly at: number; readonly message: Message }[] = [];
    let count = 0;
    const ordering = {
      deadline: Infinity,
      get held() {
        return held.length;
      },
      multicast(now: number, message: Message) {
        out.multicast(message);
        ordering.receive(now, message.sender, message);
      },
      receive(now: number, _from: number, message: Message) {
        held.push({ at: now + waitUs(now, count), message });
        count += 1;
        held.sort((a, b) => a.at - b.at);
        ordering.deadline = held[0]!.at;
      },
      advance(now: number) {
        while (held.length > 0 && held[0]!.at <= now) out.deliver(held.shift()!.message);
        ordering.deadline = held[0]?.at ?? Infinity;
      },
    };
    return ordering;
  };
}

/** Delivers its own at once, and sends them `waitUs` later. */
function sendingLate(waitUs: number): Create {
  return (_group, out) => {
    const held: { readonly at: number; readonly message: Message }[] = [];
    const ordering = {
      deadline: Infinity,
      held: 0,
      multicast(now: number, message: Message) {
        out.deliver(message);
        held.push({ at: now + waitUs, message });
        ordering.deadline = held[0]!.at;
      },
      receive: (_now: number, _from: number, message: Message) => out.deliver(message),
      advance(now: number) {
        while (held.length > 0 && held[0]!.at <= now) out.multicast(held.shift()!.message);
        ordering.deadline = held[0]?.at ?? Infinity;
      },
    };
    return ordering;
  };
}

/** Its sender delivers a message at once, and the others when it says so, or ten seconds after they got it. */
const slowlyUniform: Create = (_group, out) => {
  let held: Message[] = [];
  const deliverHeld = (): void => {
    for (const message of held) out.deliver(message);
    held = [];
    ordering.deadline = Infinity;
  };
  const ordering = {
    deadline: Infinity,
    get held() {
      return held.length;
    },
    multicast(_now: number, message: Message) {
      out.multicast(message);
      out.deliver(message);
      out.multicast(new Message(240, message.sender, message.sequence));
    },
    receive(now: number, _from: number, message: Message) {
      if (message.kind === 240) return deliverHeld();
      held.push(message);
      ordering.deadline = now + 10_000_000;
    },
    advance: deliverHeld,
  };
  return ordering;
};

test('a run that seems complete goes on to its end before anybody is accused of what is missing then', () => {
  const guarantees = ['integrity', 'uniformAgreement'] as const;
  const entry = entryOf(slowlyUniform, { create: slowlyUniform, guarantees, survives: 'minority' });
  const crash = { kind: 'crash', member: 0, atUs: 0, afterSends: 2 } as const;
  const dying = { ...CALM, peers: 3, messages: 1, faults: [crash] };
  const { findings, result } = checkScenario(entry, dying);
  expect(result.members.map(({ crashed }) => crashed)).toEqual([true, false, false]);
  expect(findings).toEqual([]);
  // Without the ten seconds it is accused.
  const never = checkScenario(entry, { ...dying, endUs: 9_000_000 }, { isThorough: false });
  expect(never.findings.map(({ name }) => name)).toContain('uniformAgreement');
});

describe('a run that ends while messages are missing', () => {
  test('is made longer for whoever is slow, and judged then', () => {
    const slow = entryOf(waiting((_now, count) => 10_000_000 * (count + 1)));
    const { scenario, findings, judged } = checkScenario(slow, CALM);
    expect(findings).toEqual([]);
    expect(judged).toContain('progress');
    expect(scenario.endUs).toBeGreaterThan(CALM.endUs);
    const hasty = checkScenario(slow, CALM, { isThorough: false });
    expect(hasty.findings[0]?.name).toBe('liveness');
  });

  test.each([70, 200])(
    'is made longer for whoever delivers its own at once, and sends them %p s later',
    (seconds) => {
      const sender = entryOf(sendingLate(seconds * 1_000_000), { guarantees: ['agreement'] });
      const { scenario, findings, judged } = checkScenario(sender, CALM);
      expect(findings).toEqual([]);
      expect(judged).toContain('progress');
      expect(scenario.endUs).toBeGreaterThan(CALM.endUs);
    },
  );

  test('is left open where the longer one is cut short before it is longer', () => {
    const sender = entryOf(sendingLate(70_000_000), { guarantees: ['agreement'] });
    let questions = 0;
    const mayGoOn = (): boolean => (questions += 1) === 1;
    const whole = checkScenario(sender, CALM, { isThorough: false, mayGoOn });
    expect(whole.findings[0]?.name).toBe('liveness');
    questions = 0;
    expect(checkScenario(sender, CALM, { mayGoOn }).findings).toEqual([]);
  });

  test('is left open where messages still come at the latest end that there is', () => {
    const slower = entryOf(waiting((_now, count) => 200_000_000 * (count + 1)));
    const { findings, judged } = checkScenario(slower, CALM);
    expect(findings).toEqual([]);
    expect(judged).toContain('fifo');
    for (const name of ['progress', 'agreement', 'validity']) expect(judged).not.toContain(name);
  });

  test('is judged as it is where nothing comes any more', () => {
    const timer: Create = (group, out) => ({
      ...ORDERINGS.get('unordered')!.create(group, out),
      held: 0,
      deadline: 1e15,
      multicast: (_now, message) => out.multicast(message),
      receive: () => undefined,
      advance: () => undefined,
    });
    const { scenario, findings } = checkScenario(entryOf(timer), CALM);
    expect(findings[0]?.name).toBe('liveness');
    expect(scenario.endUs).toBe(CALM.endUs);
  });
});

test('progress is not asked of a run that broke something before, and not counted there', () => {
  const unordered = ORDERINGS.get('unordered')!.create;
  const { findings, judged } = checkScenario(entryOf(unordered, { guarantees: ['total'] }), CALM);
  expect(findings.map(({ name }) => name)).toEqual(['total']);
  expect(judged).toEqual(['total']);
  expect(checkScenario(ORDERINGS.get('fifo')!, CALM).judged).toContain('progress');
});

describe('a run that is cut short', () => {
  test('is judged only by what was delivered wrongly', () => {
    let questions = 0;
    const mayGoOn = (): boolean => (questions += 1) < 3;
    const long = withEnd({ ...CALM, messages: 200 });
    const { result, findings, judged } = checkScenario(ORDERINGS.get('fifo')!, long, { mayGoOn });
    expect(result.reason).toBe('interrupted');
    expect(findings).toEqual([]);
    for (const name of ['progress', 'agreement', 'sorting']) expect(judged).not.toContain(name);
  });
});

describe('waiting for the end', () => {
  test('is what delivering as much later as the run is longer shows, and a long wait is not', () => {
    const long = checkScenario(entryOf(waiting(() => 1_500_000)), CALM);
    expect(long.findings).toEqual([]);
    expect(long.judged).toContain('sorting');
    const lastUs = 20_000_000;
    const fixed = checkScenario(entryOf(waiting((now) => Math.max(0, lastUs - now))), CALM);
    expect(fixed.findings).toEqual([]);
  });

  test('is told with the waits at four lengths, and where it was delivered', () => {
    const quiet: Create = (_group, out) => {
      const held: Message[] = [];
      const ordering = {
        deadline: Infinity,
        held: 0,
        multicast(now: number, message: Message) {
          out.multicast(message);
          ordering.receive(now, message.sender, message);
        },
        receive(now: number, _from: number, message: Message) {
          held.push(message);
          ordering.deadline = now + 500_000;
        },
        advance() {
          ordering.deadline = Infinity;
          for (const message of held.splice(0)) out.deliver(message);
        },
      };
      return ordering;
    };
    const [finding] = checkScenario(entryOf(quiet), CALM).findings;
    expect(finding?.name).toBe('sorting');
    expect(finding?.text).toMatch(
      /^peer 0 delivers \(0, 0\) only 0\.5 s after .* with 4, 8, 12 and 16 messages each it waits/,
    );
    expect(finding?.observations[0]).toMatchObject({ peer: 0, sender: 0, sequence: 0 });
    expect(finding?.observations[0]?.position).toBeGreaterThanOrEqual(0);
  });
});

describe('what a run shows nothing of', () => {
  test('is not judged, and the reason is told', () => {
    const onlyOwn: Create = (_group, out) => ({
      held: 0,
      deadline: Infinity,
      multicast: (_now, message) => {
        out.multicast(message);
        out.deliver(message);
      },
      receive: () => undefined,
      advance: () => undefined,
    });
    const entry = entryOf(onlyOwn, { retransmits: false, guarantees: ['integrity', 'fifo'] });
    const { result, findings, judged } = checkScenario(entry, CALM);
    expect({ findings, judged }).toEqual({ findings: [], judged: [] });
    expect(reasonsOf(entry, CALM, result)).toMatchObject({
      integrity: 'no peer delivered a message of another',
      fifo: 'no peer delivered a message of another',
    });
    const single = { ...CALM, messages: 1 };
    expect(checkScenario(ORDERINGS.get('fifo')!, single).judged).not.toContain('fifo');
    expect(checkScenario(ORDERINGS.get('fifo')!, CALM).judged).toContain('fifo');
  });
});
