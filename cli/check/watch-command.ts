import { type ChildProcess, spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isOrderingFile } from '../../custom/load-ordering.ts';
import type { Context } from '../shell/context.ts';
import { Failure } from '../shell/failure.ts';

/** How often the file is looked at: also editors that write a new file in the place of the old one are noticed. */
const LOOK_MS = 200;

/**
 * `mpcomm check --watch FILE`: the same check in a process of its own, again at every save, until it is interrupted, or
 * nobody reads what it says: then there is nothing that it would go on for. A check that still runs is ended when the
 * file is saved. Throws `Failure`, and in the end the reason of the signal.
 */
export async function watchCommand(
  { terminal, signal: interruption }: Context,
  file: string | undefined,
  words: readonly string[],
): Promise<never> {
  if (file === undefined || !isOrderingFile(file)) {
    throw new Failure(
      '--watch needs the file of an ordering, such as "mpcomm check --watch mine/best.ts"',
    );
  }
  const { unread } = terminal;
  const signal = unread === undefined ? interruption : AbortSignal.any([interruption, unread]);
  const first = await versionOf(file);
  if (first === null) throw new Failure(`there is no file ${file} with an ordering`);
  let [seen, check] = [first, startCheck(words)];
  try {
    for (;;) {
      await sleep(LOOK_MS, undefined, { signal });
      const version = await versionOf(file);
      if (version === null || version === seen) continue;
      seen = version;
      await end(check);
      terminal.note(`\n${file} was saved; checking it again ...`);
      check = startCheck(words);
    }
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    await end(check);
  }
}

/** A text that changes with every save; `null` while there is no file, as in the middle of a save. */
async function versionOf(file: string): Promise<string | null> {
  try {
    const { mtimeMs, size, ino } = await stat(file);
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    return null;
  }
}

function startCheck(words: readonly string[]): ChildProcess {
  const command = [...process.execArgv, process.argv[1]!, ...words];
  return spawn(process.execPath, command, { stdio: ['ignore', 'inherit', 'inherit'] });
}

async function end(check: ChildProcess): Promise<void> {
  if (check.exitCode !== null || check.signalCode !== null) return;
  const ended = new Promise((resolve) => check.once('exit', resolve));
  check.kill('SIGKILL');
  await ended;
}
