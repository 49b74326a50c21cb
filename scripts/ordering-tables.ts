/**
 * Makes the tables of docs/orderings.md: what theory says of each ordering beside what the simulator
 * measures, and what the laboratory on one machine measured.
 *
 *   node scripts/ordering-tables.ts                 writes the tables anew, from the simulator
 *   node scripts/ordering-tables.ts --laboratory    first runs every ordering on real processes, and
 *                                                   keeps the comparisons under results/
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ORDERINGS } from '../core/orderings/registry.ts';
import { formulas, type Cost } from './ordering-formulas.ts';
import { measureLaboratory, readLaboratory } from './ordering-laboratory.ts';
import { isolatedMulticasts, type Measured } from './ordering-simulations.ts';

const DOCUMENT = fileURLToPath(new URL('../docs/orderings.md', import.meta.url));

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
const SIZES = [2, 4, 8, 16];
const STEP_US = 100_000;

/** The regions with `first` in front: member 0 is the first sequencer, and begins the ring. */
function zonesFrom(first: string): string[] {
  return [first, ...REGIONS.filter((region) => region !== first)].map((region) => `${region}-a`);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(head),
    line(head.map((_, column) => (column === 0 ? '---' : '---:'))),
    ...rows.map(line),
  ].join('\n');
}

function messageTable(): string {
  const rows = [...ORDERINGS.keys()].map((name) => {
    const cost = formulas(name);
    const cells = SIZES.map((size) => {
      const measured = isolatedMulticasts(name, size, { kind: 'constant', us: STEP_US });
      const formula = cost.messages(size);
      return `${measured.messagesPerMulticast.toFixed(2)} / ${formula.toFixed(2)}`;
    });
    const steps = isolatedMulticasts(name, 8, { kind: 'constant', us: STEP_US });
    return [name, cost.formula, ...cells, stepsCell(steps, cost)];
  });
  return table(
    ['ordering', 'formula', ...SIZES.map((size) => `n = ${size}`), 'steps, n = 8'],
    rows,
  );
}

function stepsCell(measured: Measured, cost: Cost): string {
  const steps = measured.latencyMsMax / (STEP_US / 1_000);
  return `${steps.toFixed(1)} / ${cost.steps}`;
}

function latencyTable(): string {
  const cases: [string, string][] = [
    ['unordered', 'us-central1'],
    ['fifo', 'us-central1'],
    ['causal', 'us-central1'],
    ['sequencer-fast', 'us-central1'],
    ['sequencer-fast', 'us-west1'],
    ['sequencer-fast', 'southamerica-east1'],
    ...[...ORDERINGS.keys()]
      .filter((name) => !['unordered', 'fifo', 'causal', 'sequencer-fast'].includes(name))
      .map((name): [string, string] => [name, 'us-central1']),
  ];
  const laboratory = readLaboratory();
  const rows = cases.map(([name, first]) => {
    const zones = zonesFrom(first);
    const measured = isolatedMulticasts(name, REGIONS.length, {
      kind: 'zones',
      zones,
      jitter: false,
    });
    const derived = formulas(name).latencyMs(zones);
    const real = first === 'us-central1' ? laboratory.get(name) : undefined;
    return [
      name,
      first,
      derived === null ? '–' : `${derived.mean.toFixed(0)} / ${derived.max.toFixed(0)}`,
      `${measured.latencyMsMean.toFixed(0)} / ${measured.latencyMsMax.toFixed(0)}`,
      `${measured.ownMsMedian.toFixed(0)} / ${measured.ownMsMax.toFixed(0)}`,
      real === undefined ? '–' : `${real.ownMsMedian.toFixed(0)} / ${real.ownMsMax.toFixed(0)}`,
    ];
  });
  return table(
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

function replaceBetween(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/orderings.md has no place for ${name}`);
  return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`;
}

if (process.argv.includes('--laboratory')) {
  await measureLaboratory([...ORDERINGS.keys()], zonesFrom('us-central1'));
}
let text = readFileSync(DOCUMENT, 'utf8');
text = replaceBetween(text, 'messages', messageTable());
text = replaceBetween(text, 'latency', latencyTable());
writeFileSync(DOCUMENT, text);
