import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isOrderingFile } from '../../custom/load-ordering.ts';
import { stateDirectoryAt } from '../../local/state-directory.ts';
import type { Failing } from '../../simulation/check/check-seeds.ts';
import type { OrderingSource } from '../ordering/ordering-source.ts';
import { fromHere } from '../render/from-here.ts';
import { count } from '../render/table.ts';
import { messageOf } from '../shell/failure.ts';
import type { Terminal } from '../shell/terminal.ts';
import type { CheckCommandOptions } from './check-options.ts';
import { HangError, performAlone, type PoolOptions } from './check-pool.ts';

/** How many counterexamples of earlier checks are replayed at most; the others stay where they are. */
const REPLAYED_MAX = 20;

/**
 * Replays what earlier checks of the same file left in the state directory, before any schedule is drawn: the first
 * that still breaks something, or `null`. Those that pass are kept, since what broke once may break again.
 *
 * Only where a check is asked for as it is by default: one of chosen seeds, peers or faults is asked for these.
 */
export async function replayRemembered(
  terminal: Terminal,
  options: CheckCommandOptions,
  pool: PoolOptions,
  name: string,
): Promise<Failing | null> {
  if (!asksForAll(options) || !isOfFile(pool.source)) return null;
  const folder = folderOf(options);
  const remembered = (await listRemembered(folder, name)).slice(-REPLAYED_MAX);
  if (remembered.length === 0) return null;
  const these = count(remembered.length, 'counterexample');
  terminal.note(`Replaying ${these} of earlier checks first (--forget drops them) ...`);
  for (const { file, seed } of remembered) {
    const failing = await replay(terminal, pool, join(folder, file), seed);
    if (failing === null) continue;
    terminal.note(`It still breaks in ${fromHere(join(folder, file))}.`);
    return failing;
  }
  terminal.note(`What broke it before passes now: ${these}.`);
  return null;
}

/** Drops what is remembered of an ordering, with its pictures and steps. */
export async function forgetRemembered(
  terminal: Terminal,
  options: CheckCommandOptions,
  name: string,
): Promise<void> {
  const folder = folderOf(options);
  const remembered = await listRemembered(folder, name);
  for (const { file } of remembered) {
    for (const ending of ['.json', '.svg', '.steps.json']) {
      await rm(join(folder, file.replace(/\.json$/, ending)), { force: true });
    }
  }
  terminal.note(`Forgotten: ${count(remembered.length, 'counterexample')} of earlier checks.`);
}

interface Remembered {
  readonly file: string;
  readonly seed: number;
}

/** In the order of their seeds. */
async function listRemembered(folder: string, name: string): Promise<Remembered[]> {
  const files = await readFolder(folder);
  const found = files.flatMap((file): Remembered[] => {
    const isOfThis = file.startsWith(`${name}-`);
    const seed = isOfThis ? /^(\d+)\.json$/.exec(file.slice(name.length + 1))?.[1] : undefined;
    return seed === undefined ? [] : [{ file, seed: Number(seed) }];
  });
  return found.sort((a, b) => a.seed - b.seed);
}

async function readFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch {
    // There is none yet; whatever else is wrong with it is told when something is to be saved there.
    return [];
  }
}

async function replay(
  terminal: Terminal,
  pool: PoolOptions,
  file: string,
  seed: number,
): Promise<Failing | null> {
  try {
    const { readScenarioFile } = await import('../simulate/scenario-file.ts');
    const scenario = await readScenarioFile(file);
    const task = { task: 'try', before: [], scenario } as const;
    const { findings } = await performAlone({ ...pool, fresh: true }, task);
    return findings.length === 0 ? null : { seed, scenario, findings };
  } catch (error) {
    pool.signal.throwIfAborted();
    const what = error instanceof HangError ? 'it did not come back' : messageOf(error);
    terminal.note(`${fromHere(file)} could not be replayed: ${what}.`);
    return null;
  }
}

function asksForAll({ from, shard, peers, faults }: CheckCommandOptions): boolean {
  return from === 0 && shard === undefined && peers === undefined && faults[0] === 'all';
}

function isOfFile(source: OrderingSource): boolean {
  return !('exec' in source) && isOrderingFile(source.ordering);
}

function folderOf({ state }: CheckCommandOptions): string {
  return join(stateDirectoryAt(state).path, 'check');
}
