import { availableParallelism } from 'node:os';
import { ORDERING_NAMES, type OrderingEntry } from '../../core/orderings/registry.ts';
import { nothingCounted } from '../../simulation/check/check-seeds.ts';
import { execSourceOf } from '../ordering/exec-options.ts';
import { describeOrdering } from '../ordering/describe-ordering.ts';
import type { OrderingSource } from '../ordering/ordering-source.ts';
import { type Advice, adviseOnSource } from '../ordering/type-check.ts';
import { count } from '../render/table.ts';
import type { Context } from '../shell/context.ts';
import { EXIT } from '../shell/failure.ts';
import { baseReport, type CheckCommandOptions, drawnOptions } from './check-options.ts';
import { checkInPool, HangError, type PoolOptions } from './check-pool.ts';
import { createCountDisplay } from './check-progress.ts';
import {
  type Explained,
  explainFailure,
  explainRemembered,
  explainHang,
  explainUnobserved,
} from './explain-failure.ts';
import { findHangingSteps } from './hanging-steps.ts';
import { keepFailure } from './keep-failure.ts';
import { forgetRemembered, replayRemembered } from './remembered.ts';
import { type CheckFailure, type CheckReport, renderCheck } from './render-check.ts';

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
  const entry = await describeOrdering(source);
  const advice = adviseOnSource(source);
  const found = await check(context, options, source, entry);
  // Most findings take longer to be told than the types to be checked: what the source says is part of what was found.
  const report = found.failure === null ? found : withStrays(found, found.failure, await advice);
  const { terminal } = context;
  terminal.data(
    options.json === true ? JSON.stringify(report, null, 2) : renderCheck(report, terminal.paint),
  );
  const diagramFile = report.failure?.diagramFile ?? null;
  if (options.json === true && diagramFile !== null) terminal.note(`Picture: ${diagramFile}`);
  // They often take longer than a check that finds nothing: nobody should wait for them to read that.
  const { text } = await advice;
  if (text !== null) terminal.note(`\n${text}`);
  return report.failure === null ? EXIT.done : EXIT.broken;
}

/** Names where the source reaches beyond the run: what comes from there may break anything, and be told as anything. */
function withStrays(
  report: CheckReport,
  failure: CheckFailure,
  { strays: [first, ...others] }: Advice,
): CheckReport {
  if (first === undefined) return report;
  const more = others.length === 0 ? '' : ` (and ${count(others.length, 'place')} more, below)`;
  const text = `${failure.text}; a possible cause is ${first}${more}`;
  return { ...report, failure: { ...failure, text } };
}

async function check(
  context: Context,
  options: CheckCommandOptions,
  source: OrderingSource,
  entry: OrderingEntry,
): Promise<CheckReport> {
  const base = baseReport(entry, options);
  const drawn = drawnOptions(options);
  const { from: first, seeds } = base;
  const display = createCountDisplay(context.terminal, entry.name, seeds);
  const pool: PoolOptions = {
    source,
    options: drawn,
    workers: Math.min(options.workers ?? availableParallelism(), Math.max(1, seeds)),
    signal: context.signal,
    onProgress: (begun) => display.show(begun),
  };
  const keep = (explained: Explained): Promise<CheckFailure> =>
    keepFailure(context, options, source, entry, explained);
  try {
    if (options.forget === true) await forgetRemembered(context.terminal, options, entry.name);
    const remembered = await replayRemembered(context.terminal, options, pool, entry.name);
    if (remembered !== null) {
      const failure = await keep(await explainRemembered(pool, remembered));
      return { ...base, checked: 0, ...nothingCounted(), failure };
    }
    const checked = await checkInPool(pool, first, seeds);
    const { seeds: done, failing, ...counts } = checked;
    const report = { ...base, checked: done, ...counts };
    if (failing === null) {
      const unobserved = await explainUnobserved(pool, entry, first, checked);
      return { ...report, failure: unobserved && (await keep(unobserved)) };
    }
    context.terminal.note(`The schedule of seed ${failing.seed} broke something; shrinking it ...`);
    return { ...report, failure: await keep(await explainFailure(pool, failing, first)) };
  } catch (error) {
    if (!(error instanceof HangError)) throw error;
    const explained = await keep(await explainHang(pool, error));
    const isHanging = explained.broke === 'endless' && !error.isGrowth;
    const hanging = isHanging ? await findHangingSteps(context, options, source, entry) : undefined;
    const failure = hanging === undefined ? explained : { ...explained, hanging };
    return { ...base, checked: error.seed - first + 1, ...nothingCounted(), failure };
  } finally {
    display.finish();
  }
}
