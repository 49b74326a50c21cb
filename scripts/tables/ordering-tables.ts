/**
 * Makes the tables of docs/orderings.md: what each ordering promises, what theory says of it beside
 * what the simulator measures, and what the laboratory on one machine measured.
 *
 *   node scripts/tables/ordering-tables.ts                 writes the tables anew, from the simulator
 *   node scripts/tables/ordering-tables.ts --laboratory    first runs every ordering on real processes, and
 *                                                   keeps the comparisons under results/
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  ORDERING_NAMES,
  ORDERINGS,
  type RegisteredOrdering,
} from '../../core/orderings/registry.ts';
import type { Distance, Theory } from '../../core/orderings/theory.ts';
import { pathBetween } from '../../network/network-model.ts';
import { measureLaboratory, readLaboratory } from './ordering-laboratory.ts';
import { promiseTable } from './ordering-promises.ts';
import { isolatedMulticasts, type Measured } from './ordering-simulations.ts';
import { markdownTable } from '../../cli/grid/markdown.ts';
import { replaceBetween } from './generated-tables.ts';

const DOCUMENT = fileURLToPath(new URL('../../docs/orderings.md', import.meta.url));

/** The regions of the latency table that the issue of the comparison with theory is about. */
const REGIONS = [
  'us-central1',
  'us-east1',
  'us-west1',
  'europe-west1',
  'asia-northeast1',
  'asia-southeast1',
  'southamerica-east1',
  'australia-southeast1',
];
const [CENTRAL] = REGIONS as [string];
/** Where member 0 may stand, for orderings in which it decides: in the middle, and at two edges. */
const REGIONS_OF_A_SEQUENCER = [CENTRAL, 'us-west1', 'southamerica-east1'];
const SIZES = [2, 4, 8, 16];
const STEP_US = 100_000;

/** The regions with `first` in front: member 0 is the first sequencer, and begins the ring. */
function zonesFrom(first: string): string[] {
  return [first, ...REGIONS.filter((region) => region !== first)].map((region) => `${region}-a`);
}

function messageTable(): string {
  const rows = [...ORDERINGS.values()].map((entry) => {
    const { name, theory } = entry;
    const cells = SIZES.map((size) => {
      const measured = isolatedMulticasts(entry, size, { kind: 'constant', us: STEP_US });
      return `${measured.messagesPerMulticast.toFixed(2)} / ${theory.messages(size).toFixed(2)}`;
    });
    const steps = isolatedMulticasts(entry, 8, { kind: 'constant', us: STEP_US });
    return [name, theory.formula, ...cells, stepsCell(steps, theory)];
  });
  return markdownTable(
    ['ordering', 'formula', ...SIZES.map((size) => `n = ${size}`), 'steps, n = 8'],
    rows,
  );
}

function stepsCell(measured: Measured, theory: Theory): string {
  const steps = measured.latencyMsMax / (STEP_US / 1_000);
  return `${steps.toFixed(1)} / ${theory.steps}`;
}

function latencyTable(): string {
  const laboratory = readLaboratory();
  const rows = [...ORDERINGS.values()].flatMap((entry) => {
    const regions = entry.mechanism === 'fixed sequencer' ? REGIONS_OF_A_SEQUENCER : [CENTRAL];
    return regions.map((first) => {
      const real = first === CENTRAL ? laboratory.get(entry.name) : undefined;
      const own =
        real === undefined ? '–' : `${real.ownMsMedian.toFixed(0)} / ${real.ownMsMax.toFixed(0)}`;
      return [...latencyCells(entry, first), own];
    });
  });
  return markdownTable(
    [
      'ordering',
      'member 0 in',
      'theory, ms',
      'simulated, ms',
      'own, simulated, ms',
      'own, laboratory, ms',
    ],
    rows,
  );
}

function latencyCells(entry: RegisteredOrdering, first: string): string[] {
  const zones = zonesFrom(first);
  const delay = { kind: 'zones', zones, jitter: false } as const;
  const measured = isolatedMulticasts(entry, zones.length, delay);
  const derived = derive(entry.theory, zones);
  return [
    entry.name,
    first,
    derived === null ? '–' : `${derived.mean.toFixed(0)} / ${derived.max.toFixed(0)}`,
    `${measured.latencyMsMean.toFixed(0)} / ${measured.latencyMsMax.toFixed(0)}`,
    `${measured.ownMsMedian.toFixed(0)} / ${measured.ownMsMax.toFixed(0)}`,
  ];
}

/**
 * The latencies over all pairs of sender and receiver, in milliseconds; `null` where they depend on where a
 * token is.
 */
function derive(
  { latency }: Theory,
  zones: readonly string[],
): { mean: number; max: number } | null {
  if (latency === null) return null;
  const distance: Distance = (from, to) =>
    from === to ? 0 : pathBetween(zones[from]!, zones[to]!).oneWayUs / 1_000;
  const values = zones.flatMap((_, sender) =>
    zones.map((_, receiver) => latency(distance, zones.length, sender, receiver)),
  );
  const sum = values.reduce((one, other) => one + other, 0);
  return { mean: sum / values.length, max: Math.max(...values) };
}

if (process.argv.includes('--laboratory')) {
  await measureLaboratory(ORDERING_NAMES, zonesFrom(CENTRAL));
}
let text = readFileSync(DOCUMENT, 'utf8');
text = replaceBetween(text, 'promises', promiseTable());
text = replaceBetween(text, 'messages', messageTable());
text = replaceBetween(text, 'latency', latencyTable());
writeFileSync(DOCUMENT, text);
