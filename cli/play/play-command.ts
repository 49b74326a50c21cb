import { createInterface, type Interface } from 'node:readline';
import { join } from 'node:path';
import { stateDirectoryAt } from '../../local/state-directory.ts';
import { saveText } from '../check/save-counterexample.ts';
import { type ExecCommandOptions, execSourceOf } from '../ordering/exec-options.ts';
import type { OrderingSource } from '../ordering/ordering-source.ts';
import { fromHere } from '../render/from-here.ts';
import type { Context } from '../shell/context.ts';
import { EXIT, Failure } from '../shell/failure.ts';
import type { Terminal } from '../shell/terminal.ts';
import type { GameOrigin } from './open-game.ts';
import { PLAY_DEFAULTS } from './play-defaults.ts';
import type { Reply } from './play-session.ts';
import { openTable, type PlayTable } from './play-table.ts';
import { COMMAND_HELP } from './play-words.ts';

export interface PlayOptions extends ExecCommandOptions {
  readonly ordering?: string;
  readonly peers?: number;
  readonly messages?: number;
  readonly seed?: number;
  readonly reliable?: boolean;
  readonly from?: string;
  readonly state: string;
}

/** Where the commands come from: a terminal, or a pipe. */
type Input = NodeJS.ReadableStream & { readonly isTTY?: boolean };

const PROMPT = 'network> ';

/** `mpcomm play`: one command a line, from a terminal or a pipe; 1 when a declared guarantee is broken at the end. */
export async function playCommand(
  context: Context,
  options: PlayOptions,
  input: Input = process.stdin,
): Promise<number> {
  const table = await openTable(originOf(options), context.terminal.paint);
  const lines = openLines(input, context.signal);
  const state: PlayState = { terminal: context.terminal, options, table, lines };
  try {
    return await play(state, context.signal);
  } finally {
    lines.close();
    await table.close();
  }
}

interface PlayState {
  readonly terminal: Terminal;
  readonly options: PlayOptions;
  readonly table: PlayTable;
  readonly lines: Interface;
}

async function play(state: PlayState, signal: AbortSignal): Promise<number> {
  const { terminal, table, lines } = state;
  let last = table.first;
  let before = '';
  terminal.data(last.text);
  if (lines.terminal) terminal.data('\nType help for what you can do.');
  prompt(lines);
  for await (const line of lines) {
    // In a pipe nobody sees what was typed: the transcript has it.
    if (!lines.terminal) terminal.data(echoOf(line, before));
    before = line;
    last = await table.obey(line);
    await show(state, last);
    if (last.isOver) break;
    prompt(lines);
  }
  signal.throwIfAborted();
  return last.isBroken ? EXIT.broken : EXIT.done;
}

/** How a transcript has a line that was typed: a remark as it is, several together, a command behind a sign. */
export function echoOf(line: string, before: string): string {
  const text = line.trim();
  if (!text.startsWith('#')) return text === '' ? '' : `\n> ${text}`;
  return before.trim().startsWith('#') ? text : `\n${text}`;
}

async function show({ terminal, options }: PlayState, { text, written }: Reply): Promise<void> {
  if (text !== '') terminal.data(text);
  if (written === null) return;
  const name = (options.ordering ?? 'game').replaceAll(/[^\w-]+/g, '-').replace(/^-+/, '');
  const file =
    written.file ?? join(stateDirectoryAt(options.state).path, 'play', name + written.ending);
  const problem = await saveText(file, written.text);
  if (problem === null) terminal.data(`Written: ${fromHere(file)}`);
  else terminal.data(`Not done: ${file} cannot be written (${problem}).`);
}

/** Throws `Failure` for options that do not go together. */
function originOf(options: PlayOptions): GameOrigin {
  const { ordering, from = null } = options;
  const program = execSourceOf(options);
  const named: OrderingSource | null = ordering === undefined ? null : { ordering };
  const source = program ?? named;
  const { peers, messages, seed, reliable } = options;
  const sized = Object.entries({ peers, messages, seed, reliable }).filter(
    ([, value]) => value !== undefined,
  );
  if (from !== null && sized.length > 0) {
    throw new Failure(
      `--from says how many play, and what with; it goes without --${sized[0]![0]}`,
    );
  }
  if (from === null && source === null) {
    throw new Failure('play needs an ordering, such as "mpcomm play lamport", or --from FILE');
  }
  const setup = {
    peers: peers ?? PLAY_DEFAULTS.peers,
    messages: messages ?? PLAY_DEFAULTS.messages,
    ...(seed === undefined ? {} : { seed }),
    ...(reliable === true ? ({ channels: 'reliable' } as const) : {}),
  };
  return { source, from, setup };
}

function openLines(input: Input, signal: AbortSignal): Interface {
  const terminal = input.isTTY === true && process.stdout.isTTY;
  const lines = createInterface({
    input,
    ...(terminal && { output: process.stdout, completer: complete }),
    terminal,
    prompt: terminal ? PROMPT : '',
    signal,
  });
  // In a terminal readline takes Ctrl-C for itself; it means here what it means everywhere.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  return lines;
}

function complete(line: string): [string[], string] {
  const names = COMMAND_HELP.map(({ name }) => name).filter((name) => name.startsWith(line));
  return [line.includes(' ') ? [] : names.map((name) => `${name} `), line];
}

// The end of a piped input closes the interface while its last lines are still to be obeyed.
function prompt(lines: Interface): void {
  if (lines.terminal) lines.prompt();
}
