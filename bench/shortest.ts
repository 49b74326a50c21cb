import { parseArgs } from 'node:util';
import type { OrderingEntry } from '../core/orderings/registry.ts';
import { loadOrdering } from '../custom/load-ordering.ts';
import { checkSeeds } from '../simulation/check/check-seeds.ts';
import { FAULT_CHOICES } from '../simulation/check/draw-options.ts';
import type { Finding } from '../simulation/check/finding.ts';
import { shrinkFailing } from '../simulation/check/shrink-failing.ts';
import { parseChoice } from '../simulation/choices/choice.ts';
import { hasLink } from '../simulation/choices/chosen-setup.ts';
import {
  SHRINK_CHOICES_LIMITS,
  shrinkChoices,
  type ShrunkSchedule,
} from '../simulation/choices/shrink/shrink-choices.ts';
import { shortestBroken } from '../simulation/exhaustive/explain-schedule.ts';
import { shrinkOrDraw } from '../simulation/exhaustive/shrink-or-draw.ts';
import type { Scope } from '../simulation/exhaustive/scope.ts';
import { searchWholeScope } from '../simulation/exhaustive/search-whole-scope.ts';
import { recordChoices, setupOfScenario } from '../simulation/play/record-choices.ts';

/**
 * How often shrinking comes to the length that the exhaustive search proves to be the least: for each of the files
 * named, the first schedule of a check that breaks something, shrunk, and beside it the shortest that the
 * exhaustive search finds in the scope of what was shrunk to. `--steps`: how many are taken by the search
 * that ends shrinking; `check` takes as many as by default.
 */
const USAGE = 'npx node bench/shortest.ts FILE... [--seeds 100] [--seconds 20] [--steps 300000]';
/** Each member has variables of its own, as in `check`. */
const MEMBERS = 8;

interface Row {
  readonly name: string;
  readonly broke: string;
  readonly timed: number;
  /** How many steps were left once no single one could be spared, and after the search for other ways. */
  readonly spared: number;
  readonly shrunk: ShrunkSchedule;
  /** What the exhaustive search came to; `null` where it found nothing in its time. */
  readonly exhaustive: { readonly choices: number; readonly isProven: boolean } | null;
}

function measure(
  entry: OrderingEntry,
  seeds: number,
  seconds: number,
  searchStepsMax: number,
): Row | null {
  const { failing } = checkSeeds(entry, 0, seeds, { peersMax: 4, faults: FAULT_CHOICES });
  if (failing === null) return null;
  const { scenario, findings } = shrinkFailing(entry, failing);
  const { name: broke } = findings[0]!;
  const setup = setupOfScenario(entry, scenario);
  const { choices } = recordChoices(entry.create, scenario, setup);
  const limits = { stepsMax: 500_000, searchStepsMax: 0 };
  const spared = shrinkChoices(entry, setup, choices, broke, limits);
  const shrunk = shrinkOrDraw(entry, setup, choices, broke, { ...limits, searchStepsMax });
  if (spared === null || shrunk === null) return null;
  return {
    name: entry.name,
    broke,
    timed: choices.length,
    spared: spared.choices.length,
    shrunk,
    exhaustive: searchScope(entry, scopeOf(entry, shrunk), findings[0]!, seconds),
  };
}

/** The scope in which the shrunk schedule is one of those that are searched. */
function scopeOf(entry: OrderingEntry, { setup, choices }: ShrunkSchedule): Scope {
  const fires = new Map<number, number>();
  for (const choice of choices) {
    if (choice.act === 'fire') fires.set(choice.member, (fires.get(choice.member) ?? 0) + 1);
  }
  const countOf = (act: string): number => choices.filter((choice) => choice.act === act).length;
  return {
    peers: setup.peers,
    messages: setup.messages,
    channels: hasLink(entry) && countOf('lose') === 0 ? 'reliable' : 'datagrams',
    timers: Math.max(0, ...fires.values()),
    losses: countOf('lose'),
    crashes: countOf('crash'),
  };
}

function searchScope(
  entry: OrderingEntry,
  scope: Scope,
  { name }: Finding,
  seconds: number,
): Row['exhaustive'] {
  const within = (share: number): (() => boolean) => {
    const endMs = performance.now() + seconds * 1_000 * share;
    return () => performance.now() < endMs;
  };
  const { broken } = searchWholeScope(entry, scope, within(1));
  if (broken === null) return null;
  const limits = { mayGoOnAtFirst: within(1), mayGoOn: within(2) };
  const found = shortestBroken(entry, scope, broken.map(parseChoice), [], limits);
  if (found.findings[0]?.name !== name) return null;
  const { length } = found.choices;
  return {
    choices: length,
    isProven: found.proven.every(({ choices }) => choices >= length - 1),
  };
}

function tell({ name, broke, timed, spared, shrunk, exhaustive }: Row): string {
  const proof =
    exhaustive === null ? '–' : `${exhaustive.choices}${exhaustive.isProven ? '' : ' or fewer'}`;
  const { choices, tried } = shrunk;
  return `| ${[name, broke, timed, spared, choices.length, tried, proof].join(' | ')} |`;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '20' },
    steps: { type: 'string', default: String(SHRINK_CHOICES_LIMITS.searchStepsMax) },
  },
});
if (positionals.length === 0) throw new Error(`name files of orderings: ${USAGE}`);
console.log(
  '| Ordering | Breaks | Timed | None spared | Shrunk | All fewer tried | Exhaustively |',
);
console.log('| --- | --- | --: | --: | --: | --- | --: |');
const rows: Row[] = [];
for (const file of positionals) {
  const entry = await loadOrdering(file, { members: MEMBERS });
  const row = measure(entry, Number(values.seeds), Number(values.seconds), Number(values.steps));
  if (row !== null) rows.push(row);
  console.log(
    row === null ? `| ${entry.name} | nothing that is shrunk to steps | | | | | |` : tell(row),
  );
}
const proven = rows.filter(({ exhaustive }) => exhaustive?.isProven === true);
const reached = proven.filter(
  ({ shrunk, exhaustive }) => shrunk.choices.length <= exhaustive!.choices,
);
const known = rows.filter(({ shrunk }) => shrunk.tried !== 'some');
console.log(
  `\nOf ${rows.length}, ${known.length} are the shortest by the search that ends shrinking. The exhaustive search proves ` +
    `a length for ${proven.length}: shrinking reaches it, or a shorter one with late timers, in ${reached.length}.`,
);
