import { compare } from '../../core/judge/comparison.ts';
import type { GuaranteeName } from '../../core/guarantees.ts';
import { Kind } from '../../core/message.ts';
import { ORDERINGS } from '../../core/orderings/registry.ts';
import { createRandom } from '../../core/base/random.ts';
import { OrderingRun, type RunOptions, type Trouble } from './ordering-run.ts';

/** Every packet takes this long in a `quietRun`: one communication step. */
export const STEP_US = 5_000;

/** Promised only where no more members crash than the ordering survives. */
const PROGRESS: readonly GuaranteeName[] = ['validity', 'agreement', 'uniformAgreement'];

export interface Judged {
  readonly run: OrderingRun;
  /** Declared guarantees that do not hold, with the counterexample; `incomplete` without liveness. */
  readonly broken: readonly string[];
}

/** Runs the ordering `name` of the registry, and holds it to what it declares. */
export function judgedRun(name: string, options: RunOptions): Judged {
  const { create, guarantees } = ORDERINGS.get(name)!;
  const run = new OrderingRun(create, options).run();
  const verdicts = compare(run.logs, options.messages).guarantees;
  const describe = (guarantee: GuaranteeName) =>
    `${guarantee}: ${verdicts[guarantee].counterexample?.text ?? ''}`;
  // Whoever had to stop counts as crashed: with others, that may be more than a minority.
  const isMajorityLeft = 2 * run.crashed.filter((crashed) => crashed).length < options.size;
  const broken = guarantees
    .filter((guarantee) => isMajorityLeft || !PROGRESS.includes(guarantee))
    .filter((guarantee) => verdicts[guarantee].held === false)
    .map(describe);
  if (isMajorityLeft && run.completeAt === Infinity) broken.push('incomplete');
  return { run, broken };
}

/** One sender, 100 ms between its messages, no disturbance: shows cost and latency as such. */
export function quietRun(name: string, size: number, sender: number): OrderingRun {
  const { create } = ORDERINGS.get(name)!;
  const intervalUs = [100_000, 100_001] as const;
  const delayUs = [STEP_US, STEP_US + 1] as const;
  const options = { size, messages: 10, seed: 1, senders: [sender], intervalUs, delayUs };
  return new OrderingRun(create, options).run(0);
}

/** Packets of an ordering itself, without those of the layers below it. */
export function isOwnKind(kind: number): boolean {
  return kind === Kind.data || kind >= Kind.lamportAck;
}

/**
 * A group of 3 to 7, a network that loses up to 30 % and overtakes, and troubles that a majority
 * survives: crashes of up to a minority, one of them perhaps in the middle of a multicast, a pause long
 * enough to be taken for dead, and cuts, one-way ones too, that heal.
 */
export function drawTroubledRun(seed: number): RunOptions {
  const random = createRandom(seed, 77);
  const upTo = (max: number) => Math.floor(random() * max);
  const size = 3 + upTo(5);
  const order = shuffled(size, random);
  const troubles: Trouble[] = [];
  for (let crashes = upTo(Math.ceil(size / 2)); crashes > 0; crashes -= 1) {
    const member = order.pop()!;
    if (random() < 0.5) troubles.push({ kind: 'crash', member, atUs: upTo(600_000) });
    else troubles.push({ kind: 'crashAfterPackets', member, packets: 1 + upTo(300) });
  }
  const [atUs, untilUs] = [upTo(500_000), 500_000 + upTo(6_000_000)];
  if (random() < 0.5) troubles.push({ kind: 'pause', member: order[0]!, atUs, untilUs });
  const [from, to] = [order.slice(0, 1 + upTo(order.length - 1)), order.slice(-1 - upTo(2))];
  if (random() < 0.4) troubles.push({ kind: 'cut', from, to, atUs, untilUs });
  if (random() < 0.2) troubles.push({ kind: 'cut', from: to, to: from, atUs, untilUs });
  return {
    size,
    messages: 3 + upTo(15),
    seed,
    loss: upTo(4) / 10,
    repetition: 0.1,
    delayUs: [1, 2 + upTo(100_000)],
    // Slow senders go on while views change, and long after.
    intervalUs: [1, 2 + upTo(random() < 0.5 ? 60_000 : 600_000)],
    troubles,
    endUs: 120_000_000,
  };
}

function shuffled(size: number, random: () => number): number[] {
  const members = Array.from({ length: size }, (_, member) => member);
  const keys = members.map(() => random());
  return members.sort((one, other) => keys[one]! - keys[other]!);
}
