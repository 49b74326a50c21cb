import type { Create, Ordering } from '../../core/ordering.ts';
import { create as unordered } from '../../core/orderings/unordered.ts';
import { calmNetwork, type NetworkScenario, type Scenario } from '../../simulation/scenario.ts';
import { simulate, type Observer, type SimulationResult } from '../../simulation/simulate.ts';
import { traceObserver } from '../../simulation/observers/trace.ts';

export const QUIET_NETWORK = calmNetwork({ kind: 'constant', us: 10_000 });

/** Three peers with ten messages each, a steady network and no faults, but for what is given. */
export function scenarioWith(
  changes: Partial<Omit<Scenario, 'network'>> & { network?: Partial<NetworkScenario> } = {},
): Scenario {
  return {
    peers: 3,
    messages: 10,
    payloadBytes: 0,
    intervalUs: { min: 10_000, max: 99_000 },
    seed: 1,
    faults: [],
    endUs: 60_000_000,
    ...changes,
    network: { ...QUIET_NETWORK, ...changes.network },
  };
}

/** A schedule with every kind of fault, within the first second. */
export const STORM: Partial<Scenario> = {
  peers: 4,
  messages: 20,
  faults: [
    { kind: 'crash', member: 3, atUs: 600_000, afterSends: 1, restartAfterUs: 50_000 },
    { kind: 'pause', member: 1, atUs: 300_000, untilUs: 700_000 },
    { kind: 'lateStart', member: 2, atUs: 200_000 },
    { kind: 'clockSkew', member: 0, rate: 1.1, offsetUs: 5_000 },
    { kind: 'partition', from: [0], to: [1, 2], symmetric: false, atUs: 100_000, untilUs: 500_000 },
    { kind: 'clog', from: 1, to: 2, extraUs: 150_000, atUs: 0, untilUs: 900_000 },
  ],
};

export const STORMY_NETWORK: NetworkScenario = {
  delay: { kind: 'uniform', minUs: 1_000, maxUs: 90_000 },
  loss: 0.2,
  burst: 3,
  repetition: 0.2,
  reordering: 0.2,
  reorderingUs: 80_000,
};

export function traceOf(create: Create, scenario: Scenario): string[] {
  const lines: string[] = [];
  simulate(
    create,
    scenario,
    traceObserver((line) => lines.push(line)),
  );
  return lines;
}

/** What each member delivered, as `sender.sequence`. */
export function deliveriesOf({ members }: SimulationResult): string[][] {
  return members.map(({ sequence }) => {
    const { senders, sequences } = sequence;
    return Array.from(senders, (sender, index) => `${sender}.${sequences[index]}`);
  });
}

/** An observer that keeps the times of the events that `wanted` chooses. */
export function timesOf(wanted: keyof Observer): { observer: Observer; times: number[] } {
  const times: number[] = [];
  return { observer: { [wanted]: (atUs: number) => void times.push(atUs) }, times };
}

/** One message of each peer, at a known time, unless more are asked for. */
export const ONE = { peers: 3, messages: 1, intervalUs: { min: 100_000, max: 100_000 } } as const;

/** Notes every drop, as `0>1 loss`. */
export function drops(): { observer: Observer; reasons: string[] } {
  const reasons: string[] = [];
  return {
    observer: {
      drop: (_at, from, to, _message, reason) => void reasons.push(`${from}>${to} ${reason}`),
    },
    reasons,
  };
}

/** `unordered`, changed in some method. */
export function unorderedWith(
  change: (ordering: Ordering, self: number, out: Parameters<Create>[1]) => Partial<Ordering>,
): Create {
  return (group, out) => {
    const inner = unordered(group, out);
    return {
      deadline: Infinity,
      held: 0,
      multicast: (now, message) => inner.multicast(now, message),
      receive: (now, from, message) => inner.receive(now, from, message),
      advance: () => undefined,
      ...change(inner, group.self, out),
    };
  };
}
