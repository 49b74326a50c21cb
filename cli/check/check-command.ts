import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { OrderingEntry } from '../../core/orderings/registry.ts';
import { ORDERING_NAMES } from '../../core/orderings/registry.ts';
import { LIMITS } from '../../control/limits.ts';
import { stateDirectoryAt } from '../../local/state-directory.ts';
import {
  type CheckOptions as DrawnOptions,
  drawOptionsFor,
  drawsRepetition,
  type Failing,
  type JudgedCounts,
  noFaults,
} from '../../simulation/check/check-seeds.ts';
import { FAULT_CHOICES, type FaultChoice } from '../../simulation/check/draw-options.ts';
import { CALM_EVERY, drawScenario } from '../../simulation/check/draw-scenario.ts';
import { checkInPool, HangError, type PoolOptions } from './check-pool.ts';
import { type Explained, explainFailure, explainUnobserved } from './explain-failure.ts';
import { createCountDisplay } from './check-progress.ts';
import { seedsOfShard, shardOf, type Shard } from './check-shard.ts';
import type { Context } from '../shell/context.ts';
import { EXIT, Failure, messageOf } from '../shell/failure.ts';
import { type ExecCommandOptions, execSourceOf } from '../ordering/exec-options.ts';
import { describeSource, openOrdering, type OrderingSource } from '../ordering/ordering-source.ts';
import { adviseOnTypes } from '../ordering/type-check.ts';
import { type CheckReport, renderCheck } from './render-check.ts';
import { saveCounterexample } from './save-counterexample.ts';
import { fromHere } from '../render/from-here.ts';

/** What --faults takes: kinds, or one of the two that stand for sets of them. */
export const FAULTS_ALLOWED = ['none', 'all', ...FAULT_CHOICES] as const;

export interface CheckCommandOptions extends ExecCommandOptions {
  /** A name or a file; all orderings of the registry when it is not given. */
  readonly ordering?: string;
  readonly seeds: number;
  readonly from: number;
  readonly peers: number;
  readonly faults: readonly (typeof FAULTS_ALLOWED)[number][];
  readonly shard?: Shard;
  readonly workers?: number;
  readonly save?: string;
  readonly state: string;
  readonly json?: boolean;
}

/** `mpcomm check`: 0 when no schedule broke anything, 1 with a counterexample. */
export async function checkCommand(
  context: Context,
  options: CheckCommandOptions,
): Promise<number> {
  const program = execSourceOf(options);
  if (program !== null) return checkSource(context, options, program);
  const names = options.ordering === undefined ? ORDERING_NAMES : [options.ordering];
  for (const ordering of names) {
    const status = await checkSource(context, options, { ordering });
    if (status !== EXIT.done) return status;
  }
  return EXIT.done;
}

/** Checks the ordering that comes from `source`; prints what came out and gives the exit status. */
export async function checkSource(
  context: Context,
  options: CheckCommandOptions,
  source: OrderingSource,
): Promise<number> {
  const entry = await openSource(source);
  const advice = adviseOnTypes(source);
  const report = await check(context, options, source, entry);
  const { terminal } = context;
  const types = await advice;
  if (types !== null) terminal.note(types);
  terminal.data(
    options.json === true ? JSON.stringify(report, null, 2) : renderCheck(report, terminal.paint),
  );
  const diagramFile = report.failure?.diagramFile ?? null;
  if (options.json === true && diagramFile !== null) terminal.note(`Picture: ${diagramFile}`);
  return report.failure === null ? EXIT.done : EXIT.broken;
}

async function openSource(source: OrderingSource): Promise<OrderingEntry> {
  try {
    return await openOrdering(source);
  } catch (error) {
    throw new Failure(messageOf(error), { cause: error });
  }
}

async function check(
  context: Context,
  options: CheckCommandOptions,
  source: OrderingSource,
  entry: OrderingEntry,
): Promise<CheckReport> {
  const base = baseReport(entry, options);
  const drawn = drawnOptions(options);
  const [first, count] = [base.from, base.seeds];
  const display = createCountDisplay(context.terminal, entry.name, count);
  const pool: PoolOptions = {
    source,
    options: drawn,
    workers: Math.min(options.workers ?? availableParallelism(), Math.max(1, count)),
    signal: context.signal,
    onProgress: (begun) => display.show(begun),
  };
  try {
    const { seeds, failing, faultsHappened, judged } = await checkInPool(pool, first, count);
    const report = { ...base, checked: seeds, faultsHappened, judged };
    if (failing === null) {
      const unobserved = await explainWhatNobodySaw(pool, entry, { first, count, judged });
      const failure = unobserved && (await keep(context, options, source, entry, unobserved));
      return { ...report, failure };
    }
    context.terminal.note(`The schedule of seed ${failing.seed} broke something; shrinking it ...`);
    const explained = await explain(pool, failing);
    return { ...report, failure: await keep(context, options, source, entry, explained) };
  } catch (error) {
    if (!(error instanceof HangError)) throw error;
    const explained = explainHang(entry, drawn, error);
    const failure = await keep(context, options, source, entry, explained);
    const checked = error.seed - first + 1;
    return { ...base, checked, faultsHappened: noFaults(), judged: {}, failure };
  } finally {
    display.finish();
  }
}

/** What a check of `entry` asks, before anything is known of it. Throws `Failure` for options that do not go. */
export function baseReport(entry: OrderingEntry, options: CheckCommandOptions) {
  const drawn = drawnOptions(options);
  const { first, count } = chooseSeeds(options);
  return {
    ordering: entry.name,
    guarantees: entry.guarantees,
    retransmits: entry.retransmits,
    handsOnPayloads: entry.handsOnPayloads ?? true,
    survives: entry.survives,
    peersMax: drawn.peersMax,
    faults: drawn.faults,
    notDrawn: notDrawn(entry, options, drawn),
    from: first,
    seeds: count,
  };
}

function drawnOptions({ peers, faults }: CheckCommandOptions): DrawnOptions {
  if (faults.length > 1 && (faults.includes('none') || faults.includes('all'))) {
    throw new Failure('--faults takes either "none" or "all", or kinds of faults; not both');
  }
  if (faults[0] === 'none') return { peersMax: peers, faults: [] };
  if (faults[0] === 'all') return { peersMax: peers, faults: FAULT_CHOICES };
  const isChosen = (kind: FaultChoice): boolean => faults.includes(kind);
  return { peersMax: peers, faults: FAULT_CHOICES.filter(isChosen) };
}

/** Kinds of faults that were asked for by name, and of which no schedule has any. */
function notDrawn(
  entry: OrderingEntry,
  { faults }: CheckCommandOptions,
  drawn: DrawnOptions,
): FaultChoice[] {
  const isNamed = !faults.includes('all');
  return drawn.faults.filter((kind) => isNamed && kind === 'repetition' && !drawsRepetition(entry));
}

function chooseSeeds({ from, seeds, shard }: CheckCommandOptions): {
  first: number;
  count: number;
} {
  if (from + seeds - 1 > LIMITS.seedMax) {
    throw new Failure(`--from ${from} and --seeds ${seeds} go beyond seed ${LIMITS.seedMax}`);
  }
  return seedsOfShard(from, seeds, shard ?? shardOf(process.env) ?? { index: 1, count: 1 });
}

/** A run that hangs only while it is shrunk is shown as it was drawn. */
async function explain(pool: PoolOptions, failing: Failing): Promise<Explained> {
  try {
    return await explainFailure(pool, failing);
  } catch (error) {
    if (!(error instanceof HangError)) throw error;
    return { shrunken: { ...failing, drawn: failing.scenario, attempts: 0 }, story: '', svg: null };
  }
}

/** Among so many schedules are some in which every order that is kept can be seen. */
const OBSERVABLE_MIN = CALM_EVERY;

/** What the ordering declares and no schedule could judge is no pass; `null` where there is no such thing. */
async function explainWhatNobodySaw(
  pool: PoolOptions,
  entry: OrderingEntry,
  { first, count, judged }: { first: number; count: number; judged: JudgedCounts },
): Promise<Explained | null> {
  const names = entry.guarantees.filter((name) => (judged[name] ?? 0) === 0);
  if (names.length === 0 || count < OBSERVABLE_MIN) return null;
  const seed = Math.ceil(first / CALM_EVERY) * CALM_EVERY;
  const scenario = drawScenario(seed, drawOptionsFor(entry, pool.options));
  return explainUnobserved(pool, seed, scenario, { names, schedules: count });
}

function explainHang(entry: OrderingEntry, drawn: DrawnOptions, error: HangError): Explained {
  const scenario = drawScenario(error.seed, drawOptionsFor(entry, drawn));
  const findings = [{ name: 'endless', text: error.message, observations: [] }] as const;
  const shrunken = { seed: error.seed, scenario, drawn: scenario, findings, attempts: 0 };
  return { shrunken, story: '', svg: null };
}

async function keep(
  { terminal }: Context,
  options: CheckCommandOptions,
  source: OrderingSource,
  entry: OrderingEntry,
  { shrunken, story, svg }: Explained,
): Promise<CheckReport['failure']> {
  const { seed, scenario, drawn, findings, attempts } = shrunken;
  const file =
    options.save ??
    join(stateDirectoryAt(options.state).path, 'check', `${entry.name}-${seed}.json`);
  const text = JSON.stringify(scenario, null, 2) + '\n';
  const saved = await saveCounterexample(file, { scenario: text, svg });
  if (saved.problem !== null) terminal.note(saved.problem);
  const scenarioFile = saved.scenarioFile === null ? null : fromHere(saved.scenarioFile);
  const [finding, ...others] = findings;
  return {
    seed,
    broke: finding!.name,
    text: finding!.text,
    observations: finding!.observations,
    alsoBroke: others.map(({ name }) => name),
    scenario,
    drawn,
    attempts,
    story,
    scenarioFile,
    diagramFile: saved.diagramFile === null ? null : fromHere(saved.diagramFile),
    replay:
      scenarioFile === null
        ? describeSearch(options, source, seed)
        : `mpcomm simulate ${describeSource(source)} --scenario ${scenarioFile}`,
  };
}

/** The command that finds the same counterexample again, where none could be saved. */
function describeSearch(
  options: CheckCommandOptions,
  source: OrderingSource,
  seed: number,
): string {
  const { peers, faults } = options;
  return (
    `mpcomm check ${describeSource(source)} --from ${seed} --seeds 1 --peers ${peers} ` +
    `--faults ${faults.join(' ')} --save FILE`
  );
}
