import { compareDeliveries, type Disagreement } from '../../core/judge/comparison.ts';
import { Kind } from '../../core/message.ts';
import type { Create } from '../../core/ordering.ts';
import { ORDERINGS } from '../../core/orderings/registry.ts';
import { ExclusionError } from '../../core/views/view.ts';
import { CHECK_OPTIONS, checkScenario } from '../../simulation/check/check-scenario.ts';
import { drawOptionsFor } from '../../simulation/check/check-seeds.ts';
import { FAULT_CHOICES } from '../../simulation/check/draw-options.ts';
import { drawScenario } from '../../simulation/check/draw-scenario.ts';
import { judge } from '../../simulation/check/judge.ts';
import type { Fault, NetworkScenario, Scenario } from '../../simulation/scenario.ts';
import { type Observer, simulate, type SimulationResult } from '../../simulation/simulate.ts';
import { peerLogOf } from '../../simulation/peer-log.ts';

/** Every packet takes this long in a `quietRun`: one communication step. */
export const STEP_US = 5_000;
export const STEADY = { delay: { kind: 'constant', us: STEP_US } } as const;

/** A scenario with the defaults of these tests: packets overtake each other, and nothing is lost. */
export interface RunShape extends Partial<Omit<Scenario, 'network'>> {
  readonly network?: Partial<NetworkScenario>;
  /** The members that multicast; by default all. */
  readonly senders?: readonly number[];
  /** How long a run goes on after all is delivered. */
  readonly settleUs?: number;
}

export function scenarioOf({ senders, network, settleUs: _, ...changes }: RunShape): Scenario {
  const scenario = {
    peers: 4,
    messages: 10,
    payloadBytes: 0,
    intervalUs: { min: 1_000, max: 40_000 },
    seed: 1,
    faults: [],
    endUs: 30_000_000,
    ...changes,
  };
  const members = Array.from({ length: scenario.peers }, (_member, index) => index);
  const silent = members.filter((member) => senders?.includes(member) === false);
  const never = (member: number): Fault => ({
    kind: 'lateStart',
    member,
    atUs: scenario.endUs + 1,
  });
  return {
    ...scenario,
    faults: [...scenario.faults, ...silent.map(never)],
    network: {
      delay: { kind: 'uniform', minUs: 1, maxUs: 50_000 },
      loss: 0,
      burst: 1,
      repetition: 0,
      reordering: 0,
      reorderingUs: 0,
      ...network,
    },
  };
}

/** A simulated run, and what a test of an ordering wants to know of it. */
export class SimulatedRun {
  readonly scenario: Scenario;
  readonly result: SimulationResult;
  /** Packets by kind, those that the network lost included. */
  readonly sent = new Map<number, number>();
  /** From multicast to delivery, over all deliveries. */
  readonly latenciesUs: number[] = [];
  readonly #multicastAtUs = new Map<string, number>();

  constructor(create: Create, shape: RunShape) {
    this.scenario = scenarioOf(shape);
    const { settleUs = 3_000_000 } = shape;
    const options = { ...CHECK_OPTIONS, settleUs };
    this.result = simulate(create, this.scenario, this.#observer(), options);
  }

  /** What each member delivered, as `sender.sequence`. */
  get delivered(): string[][] {
    return this.result.members.map(({ sequence: { senders, sequences } }) =>
      Array.from(senders, (sender, index) => `${sender}.${sequences[index]}`),
    );
  }

  /** Members that stopped, because a fault or their ordering wanted it. */
  get crashed(): boolean[] {
    return this.result.members.map(({ crashed }) => crashed);
  }

  /** How many stopped with an ExclusionError. */
  get excluded(): number {
    const errors = this.result.members.map(({ failure }) => failure?.error);
    return errors.filter((error) => error instanceof ExclusionError).length;
  }

  get guarantees(): Disagreement['guarantees'] {
    const logs = this.result.members.map((member) => peerLogOf(member, false));
    return compareDeliveries(logs, this.scenario.messages).guarantees;
  }

  /** How many packets per multicast were sent, of kinds that `counts` accepts. */
  packetsPerMulticast(counts: (kind: number) => boolean): number {
    let packets = 0;
    for (const [kind, count] of this.sent) if (counts(kind)) packets += count;
    return packets / this.#multicastAtUs.size;
  }

  #observer(): Observer {
    return {
      multicast: (atUs, _member, { sender, sequence }) =>
        void this.#multicastAtUs.set(`${sender}.${sequence}`, atUs),
      send: (_atUs, _from, _to, { kind }) =>
        void this.sent.set(kind, (this.sent.get(kind) ?? 0) + 1),
      deliver: (atUs, _member, { sender, sequence }) =>
        void this.latenciesUs.push(atUs - this.#multicastAtUs.get(`${sender}.${sequence}`)!),
    };
  }
}

/** Runs the ordering `name` of the registry; `broken`: what it declares, progress included, and broke. */
export function judgedRun(name: string, shape: RunShape): { run: SimulatedRun; broken: string[] } {
  const entry = ORDERINGS.get(name)!;
  const run = new SimulatedRun(entry.create, shape);
  const { findings } = judge(entry, run.scenario, run.result);
  return { run, broken: findings.map(({ name: guarantee, text }) => `${guarantee}: ${text}`) };
}

/** One sender, 100 ms between its messages, no disturbance: shows cost and latency as such. */
export function quietRun(name: string, peers: number, sender: number): SimulatedRun {
  return new SimulatedRun(ORDERINGS.get(name)!.create, {
    peers,
    senders: [sender],
    intervalUs: { min: 100_000, max: 100_000 },
    network: STEADY,
    endUs: 2_000_000,
  });
}

/** What the ordering `name` breaks in the schedule that `mpcomm check` draws for `seed`. */
export function brokenInDrawn(
  name: string,
  seed: number,
): { readonly broken: string[]; readonly result: SimulationResult } {
  const entry = ORDERINGS.get(name)!;
  const options = drawOptionsFor(entry, { peersMax: 7, faults: FAULT_CHOICES });
  const { result, findings } = checkScenario(entry, drawScenario(seed, options));
  return { result, broken: findings.map(({ name: guarantee, text }) => `${guarantee}: ${text}`) };
}

const OWN_KINDS: ReadonlySet<number> = new Set(
  [...ORDERINGS.values()].flatMap(({ ownMessages }) => Object.values(ownMessages?.kinds ?? {})),
);

/** Packets of an ordering itself, without those of the layers below it. */
export function isOwnKind(kind: number): boolean {
  return kind === Kind.data || OWN_KINDS.has(kind);
}
