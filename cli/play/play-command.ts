import { join } from 'node:path';
import { toPrintable } from '../../control/printable.ts';
import { stateDirectoryAt } from '../../local/state-directory.ts';
import { saveText } from '../check/save-counterexample.ts';
import { type ExecCommandOptions, execSourceOf } from '../ordering/exec-options.ts';
import type { OrderingSource } from '../ordering/ordering-source.ts';
import { COMMAND_HELP } from './command-help.ts';
import { fromHere } from '../render/from-here.ts';
import type { Context } from '../shell/context.ts';
import { EXIT, Failure } from '../shell/failure.ts';
import { endOfInput, type Terminal } from '../shell/terminal.ts';
import type { GameOrigin } from './open-game.ts';
import { PLAY_DEFAULTS } from './play-defaults.ts';
import type { Reply } from './play-session.ts';
import { openTable, type PlayTable } from './play-table.ts';
import { type TypedInput, TypedLines } from './typed-lines.ts';

export interface PlayOptions extends ExecCommandOptions {
  readonly ordering?: string;
  readonly peers?: number;
  readonly messages?: number;
  readonly seed?: number;
  readonly reliable?: boolean;
  readonly from?: string;
  readonly state: string;
}

const WORDS = COMMAND_HELP.map(({ name }) => name);
const LINE_SHOWN_MAX = 1_000;
const PROMPT = 'network> ';

/** `mpcomm play`: one command a line, from a terminal or a pipe; 1 when a declared guarantee is broken at the end. */
export async function playCommand(
  context: Context,
  options: PlayOptions,
  input: TypedInput = process.stdin,
): Promise<number> {
  const table = await openTable(originOf(options), context.terminal.paint);
  const signal = endOfInput(context.terminal, context.signal, input.isTTY === true);
  const lines = new TypedLines(input, { prompt: PROMPT, words: WORDS, signal });
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
  readonly lines: TypedLines;
}

async function play(state: PlayState, signal: AbortSignal): Promise<number> {
  const { terminal, table, lines } = state;
  let last = table.first;
  let before = '';
  terminal.data(last.text);
  if (lines.isTerminal) terminal.data('\nType help for what you can do.');
  lines.prompt();
  for await (const { line, wasAwaited } of lines) {
    // In a pipe nobody sees what was typed: the transcript has it. So it is of what was typed before its turn.
    if (!lines.isTerminal) terminal.data(echoOf(line, before));
    else if (!wasAwaited) terminal.data(`${PROMPT}${shownLine(line)}`);
    before = line;
    last = await table.obey(line);
    await show(state, last);
    if (last.isOver) break;
    lines.prompt();
  }
  signal.throwIfAborted();
  // Ctrl-D leaves the cursor behind the last prompt.
  if (lines.isTerminal && !last.isOver) terminal.data('');
  return last.isBroken ? EXIT.broken : EXIT.done;
}

/** How a transcript has a line that was typed: a remark as it is, several together, a command behind a sign. */
export function echoOf(line: string, before: string): string {
  const text = shownLine(line.trim());
  if (!text.startsWith('#')) return text === '' ? '' : `\n> ${text}`;
  return before.trim().startsWith('#') ? text : `\n${text}`;
}

/** A line as it may be shown: no character in it steers the terminal, and a very long one is cut. */
function shownLine(line: string): string {
  const text = toPrintable(line, LINE_SHOWN_MAX);
  return line.length > LINE_SHOWN_MAX ? `${text} ...` : text;
}

async function show({ terminal, options }: PlayState, { text, written }: Reply): Promise<void> {
  if (text !== '') terminal.data(text);
  if (written === null) return;
  const name = (options.ordering ?? 'game').replaceAll(/[^\w-]+/g, '-').replace(/^-+/, '');
  const file =
    written.file ?? join(stateDirectoryAt(options.state).path, 'play', name + written.ending);
  const problem = await saveText(file, written.text);
  if (problem === null) return terminal.data(`Written: ${fromHere(file)}`);
  // Most problems name the file and say that it cannot be written.
  const isWhole = problem.startsWith(file);
  terminal.data(`Not done: ${isWhole ? problem : `${file} cannot be written (${problem})`}.`);
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
