import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createProgram } from '../../cli/program.ts';
import { endWith } from '../../cli/shell/end-with.ts';
import { EXIT } from '../../cli/shell/failure.ts';
import { recordedContext } from './recorded-context.ts';

/** The file that `npx mpcomm` runs. */
export const LAUNCHER = join(import.meta.dirname, '../../cli/mpcomm.js');

/** How a command ended, and what it wrote. */
export interface CommandOutcome {
  /** `null` where a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandSurroundings {
  /** Variables of the environment, besides those of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What is typed into it; by default nothing. */
  readonly input?: string;
  /** Kills it once this is aborted. */
  readonly kill?: AbortSignal;
}

/** Runs `mpcomm` with these words in a process of its own. */
export function runCommand(
  words: readonly string[],
  { environment, input = '', kill }: CommandSurroundings = {},
): Promise<CommandOutcome> {
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, [LAUNCHER, ...words], { env });
  child.stdin.end(input);
  kill?.addEventListener('abort', () => child.kill('SIGKILL'), { once: true });
  const texts = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (texts.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (texts.stderr += chunk.toString()));
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, ...texts })));
}

/**
 * Runs `mpcomm` with these words in this process: what it says and ends with, without the half second that a process takes to
 * start. What the process itself does (its launcher, signals, colours, a closed pipe) is for `runCommand`.
 */
export async function runInside(...words: string[]): Promise<CommandOutcome> {
  const texts = { stdout: '', stderr: '' };
  const writeOut = (text: string): void => void (texts.stdout += text);
  const writeErr = (text: string): void => void (texts.stderr += text);
  const { context } = recordedContext();
  const terminal = {
    ...context.terminal,
    data: (text: string) => writeOut(`${text}\n`),
    note: (text: string) => writeErr(`${text}\n`),
  };
  let status: number = EXIT.done;
  try {
    const program = await createProgram(
      { ...context, terminal },
      (given) => (status = given),
      words[0],
    );
    for (const command of [program, ...program.commands])
      command.configureOutput({ writeOut, writeErr });
    await program.parseAsync(['node', 'mpcomm', ...words]);
  } catch (error) {
    status = endWith(error, terminal);
  }
  return { status, ...texts };
}

/** Runs `mpcomm` with these words in this process; throws what the command or its parser throws. */
export async function runHere(
  ...words: string[]
): Promise<{ text: string; notes: string; status: number | null }> {
  const { context, data, notes } = recordedContext();
  let status: number | null = null;
  const program = await createProgram(context, (given) => (status = given));
  const quiet = { writeOut: () => undefined, writeErr: () => undefined };
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput(quiet);
  }
  await program.parseAsync(['node', 'mpcomm', ...words]);
  return { text: data.join('\n'), notes: notes.join('\n'), status };
}
