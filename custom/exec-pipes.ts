import { execFileSync } from 'node:child_process';
import { constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExecError } from './exec-error.ts';

/**
 * Creates named pipes, because only those can be read by a thread that blocks: Node's own spawn offers
 * sockets that never block. The pipes are opened in both directions, so that opening them waits for
 * nobody, and a program that ends does not break a pipe under a read; the watchdog's mark ends the
 * read. Throws an ExecError, which calls the program `who`, where that is impossible.
 */
export function createPipes(who: string): Pipes {
  let directory: string | null = null;
  try {
    directory = mkdtempSync(join(tmpdir(), 'mpcomm-exec-'));
    const [input, output] = [join(directory, 'in'), join(directory, 'out')];
    execFileSync('mkfifo', ['-m', '600', input, output], { stdio: 'pipe' });
    return {
      directory,
      // A program that does not read must not block us; `#write` waits with an eye on its end.
      questions: openSync(input, constants.O_RDWR | constants.O_NONBLOCK),
      answers: openSync(output, constants.O_RDWR),
      // Where it is full a mark must not block us, who alone could empty it.
      marks: openSync(output, constants.O_WRONLY | constants.O_NONBLOCK),
    };
  } catch (error) {
    if (directory !== null) rmSync(directory, { recursive: true, force: true });
    const { message } = error as Error;
    throw new ExecError(`${who} could not be started: no pipes to it can be made (${message})`, {
      cause: error,
    });
  }
}

/** What is open of the pipes to and from a program, and the folder in which the other ends are found. */
export interface Pipes {
  readonly directory: string;
  readonly questions: number;
  readonly answers: number;
  /** The end for writing of the answers: what this side writes is read after all that is there. */
  readonly marks: number;
}
