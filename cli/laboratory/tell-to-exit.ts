import type { LaboratoryRecord } from '../../local/laboratory-file.ts';
import type { Context } from '../shell/context.ts';
import { Failure } from '../shell/failure.ts';
import { postExit } from '../site/functions-client.ts';

/** The patience with functions on this machine, which answer at once, or something is wrong with them. */
const PATIENCE = { attemptsMax: 2, answerMsMax: 5_000 } as const;

/**
 * Tells a laboratory on this machine to end: by its functions, as everywhere, and where these cannot pass
 * it on (their store is damaged or full, they are paused or overrun) by SIGTERM to its process, which
 * ends it in the same order. Throws `Failure` when neither is possible.
 */
export async function tellToExit(
  context: Context,
  { pid, url }: Pick<LaboratoryRecord, 'pid' | 'url'>,
): Promise<void> {
  try {
    await postExit(url!, context.signal, PATIENCE);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const instead = `process ${pid}, which has the laboratory, is told to end by SIGTERM instead`;
    context.terminal.note(`The exit command could not be published: ${error.message}\n${instead}.`);
    endProcess(pid);
  }
}

/** Sends SIGTERM to the process of a laboratory. Throws `Failure` when this user may not. */
export function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // It ended just now: that is what was wanted.
    if (code === 'ESRCH') return;
    throw new Failure(`process ${pid} belongs to another user, who has to end it`, {
      cause: error,
    });
  }
}
