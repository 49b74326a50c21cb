import type { Scenario } from '../../scenario.ts';
import { between, pick, type Random } from '../draw-options.ts';

/** A packet of a path of the highest priority takes this long. */
const FASTEST_US = 100;
/** A message is sent to each other member, and about as often again as what answers it. */
const PACKETS_OF_A_MESSAGE = 2;

/**
 * The scenario with priorities in place of delays: probabilistic concurrency testing (Burckhardt, Kothari,
 * Musuvathi and Nagarakatte, "A randomized scheduler with probabilistic guarantees of finding bugs", ASPLOS 2010).
 *
 * There the threads of a program have random priorities, the one of the highest priority takes every step, and at
 * `depth - 1` random steps whoever would go next becomes the last of all: a fault that takes `depth` steps in one
 * order shows with a probability of at least 1 / (n k^(depth - 1)), of n threads and k steps. Messages have no
 * threads. What causes each other can stand for one (chains: Ozkan, Majumdar, Niksic, Befrouei and Weissenbacher,
 * "Randomized testing of distributed systems with probabilistic guarantees", OOPSLA 2018), and packets on one path
 * need not. So here a path from member to member has a priority, as a distance: packets of a lower one take a
 * multiple of the time of the next higher one. A change makes one packet the last, and not its path. Timers go off
 * meanwhile, and no distance is infinite, so that neither paper's bound is promised.
 */
export function withPriorities(scenario: Scenario, depth: number, random: Random): Scenario {
  const { peers, messages, network } = scenario;
  const packetsExpected = peers * (peers - 1) * messages * PACKETS_OF_A_MESSAGE;
  const slowestUs = between(random, 1, 100) * 1_000 * pick(random, [1, 2, 5]);
  const changes = Array.from({ length: depth - 1 }, () => between(random, 0, packetsExpected - 1));
  const delay = {
    kind: 'priorities',
    minUs: FASTEST_US,
    maxUs: slowestUs,
    changes: changes.sort((a, b) => a - b),
  } as const;
  return { ...scenario, network: { ...network, delay } };
}
