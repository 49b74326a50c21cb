import { compareDeliveries, type PairHands, type PeerLog } from '../core/judge/comparison.ts';
import { DeliveredSequence } from '../core/records/delivered-sequence.ts';
import { createPairThreads } from '../cli/compare/pair-threads.ts';
import { createRandom } from '../core/base/random.ts';

/**
 * Times the comparison of 8 logs of 1,000,000 deliveries, all guarantees included:
 * `node bench/comparison.ts [deliveries] [agreeing | shuffled | random | invented] [threads]`. By default, pairs
 * are measured with as many threads as `mpcomm compare` takes. Each variant should have a process of its
 * own, because the peak of memory is the process's. It is set beside the 6 bytes a
 * delivery and 4 a multicast that the logs hold.
 */
const PEERS = 8;
const VARIANTS = ['agreeing', 'shuffled', 'random', 'invented'] as const;
type Variant = (typeof VARIANTS)[number];

/** How many neighbouring places each place of the shuffled variant is shuffled among. */
const NEIGHBOURS = 16;

function main(): void {
  const deliveries = Number(process.argv[2] ?? 1_000_000);
  const variant = VARIANTS.find((name) => name === (process.argv[3] ?? 'shuffled'));
  if (variant === undefined || !(deliveries >= PEERS)) {
    console.error(`usage: comparison.ts [deliveries >= ${PEERS}] [${VARIANTS.join(' | ')}]`);
    process.exitCode = 2;
    return;
  }
  const threads = process.argv[4] === undefined ? {} : { threads: Number(process.argv[4]) };
  measure(variant, Math.floor(deliveries / PEERS), createPairThreads(threads));
}

function measure(variant: Variant, messages: number, hands: PairHands): void {
  const logs = Array.from({ length: PEERS }, (_, peer) => createLog(variant, peer, messages));
  const begin = performance.now();
  const cpuBegin = process.cpuUsage();
  const result = compareDeliveries(logs, messages, null, {}, hands);
  const seconds = (performance.now() - begin) / 1000;
  // Tells what it costs when the machine has other work, too.
  const cpu = process.cpuUsage(cpuBegin);
  const cpuSeconds = (cpu.user + cpu.system) / 1e6;
  const verdicts = Object.entries(result.guarantees).map(([name, { held }]) => `${name} ${held}`);
  console.log(`${variant}: ${PEERS} logs of ${PEERS * messages} deliveries`);
  const inputBytes = PEERS * messages * (PEERS * 6 + 4);
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  console.log(
    `  ${seconds.toFixed(2)} s (${cpuSeconds.toFixed(2)} s of CPU), peak ${mebibytes(peakBytes)} MiB, ` +
      `${(peakBytes / inputBytes).toFixed(2)} times the ${mebibytes(inputBytes)} MiB of the logs`,
  );
  console.log(`  ${result.unorderedRounds} unordered rounds; ${verdicts.join(', ')}`);
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}

function createLog(variant: Variant, peer: number, messages: number): PeerLog {
  const places = createPlaces(variant, createRandom(1, peer), PEERS * messages);
  const sequence = new DeliveredSequence();
  // A message is multicast before anybody delivers it, or no causal order could be judged.
  const ahead = variant === 'random' ? places.length : NEIGHBOURS;
  let multicasts = 0;
  for (const [position, place] of places.entries()) {
    const [sender, number] = [place % PEERS, Math.floor(place / PEERS)];
    while (multicasts < messages && multicasts * PEERS <= position + ahead) {
      sequence.appendMulticast();
      multicasts += 1;
    }
    sequence.appendDelivery(sender + (variant === 'invented' ? PEERS : 0), number);
  }
  return {
    sequence,
    multicasts: messages,
    multicastsNoted: true,
    correct: true,
    reportPlace: peer,
  };
}

/** The places of one common order, as this peer delivers them. */
function createPlaces(variant: Variant, random: () => number, count: number): Uint32Array {
  const places = new Uint32Array(count).map((_, place) => place);
  if (variant === 'agreeing' || variant === 'invented') return places;
  for (let i = count - 1; i > 0; i -= 1) {
    const reach = variant === 'random' ? i + 1 : (i % NEIGHBOURS) + 1;
    const other = i - Math.floor(random() * reach);
    const place = places[i]!;
    places[i] = places[other]!;
    places[other] = place;
  }
  return places;
}

main();
