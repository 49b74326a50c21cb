import { createInterface, type Interface } from 'node:readline';
import { runsCommand, showCommand } from '../archive/archive-commands.ts';
import type { ArchiveOptions } from '../archive/archive.ts';
import { exitStatus } from '../run/broken-guarantees.ts';
import { findLaboratory } from '../../local/laboratory-file.ts';
import type { Context, SiteOptions, StayingOptions } from '../shell/context.ts';
import { EXIT, Failure, messageOf } from '../shell/failure.ts';
import { obeySignalKeys } from '../shell/prompt-keys.ts';
import { checkOwnOrdering } from '../ordering/file-ordering.ts';
import { postExit } from '../site/functions-client.ts';
import { createRunBody, executeRun, printComparison } from '../run/run-command.ts';
import { openSite, type Site } from '../site/site.ts';
import { endOfInput } from '../shell/terminal.ts';
import { tellToExit } from './tell-to-exit.ts';

const PROMPT = 'mpcomm> ';
const RUNS_SHOWN = 20;

const HELP = `Commands
  run N N_MSGS [ORDERING]   N peers multicast N_MSGS messages each
  exit                      end the peers, and with them the laboratory
  runs                      the last ${RUNS_SHOWN} runs
  show RUN                  the comparison of a run: its id, the beginning of it, or "last"
  help                      this list
Ctrl-D leaves; a laboratory that was up before stays up.`;

interface ConsoleState {
  readonly context: Context;
  readonly options: SiteOptions;
  readonly site: Site;
  /** The status of the last command, as in a shell. */
  status: number;
  left: boolean;
}

/** `mpcomm console`: one command a line, from a terminal or a pipe, one after the other. */
export async function consoleCommand(context: Context, options: StayingOptions): Promise<number> {
  await checkOwnOrdering(options.ordering);
  const site = await openSite(context, options, options.peers);
  const state: ConsoleState = { context, options, site, status: EXIT.done, left: false };
  const lines = openLines(endOfInput(context.terminal, site.signal, process.stdin.isTTY));
  try {
    context.terminal.note(HELP);
    prompt(lines);
    for await (const line of lines) {
      await obey(state, line.trim().split(/\s+/));
      if (state.left) break;
      prompt(lines);
    }
    // After an exit command it is no failure that the laboratory went down.
    if (state.left) context.signal.throwIfAborted();
    else site.signal.throwIfAborted();
    return state.status;
  } finally {
    lines.close();
    await site.close();
  }
}

// A prompt is for a person: a script that pipes its commands in gets none.
function openLines(signal: AbortSignal): Interface {
  const terminal = process.stdin.isTTY && process.stderr.isTTY;
  const lines = createInterface({
    input: process.stdin,
    ...(terminal && { output: process.stderr }),
    terminal,
    prompt: terminal ? PROMPT : '',
    signal,
  });
  obeySignalKeys(lines);
  return lines;
}

// The end of a piped input closes the interface while its last lines are still to be obeyed.
function prompt(lines: Interface): void {
  if (lines.terminal) lines.prompt();
}

async function obey(state: ConsoleState, words: readonly string[]): Promise<void> {
  try {
    state.status = await execute(state, words);
  } catch (error) {
    if (state.left) throw error;
    state.site.signal.throwIfAborted();
    state.context.terminal.note(messageOf(error));
    state.status = EXIT.failed;
  }
}

async function execute(state: ConsoleState, words: readonly string[]): Promise<number> {
  const { context, options } = state;
  const [command, ...values] = words;
  switch (command) {
    case '':
    case undefined:
      return state.status;
    case 'run':
      return consoleRun(state, values);
    case 'exit':
      expectValues('exit', values, 0, 0);
      return consoleExit(state);
    case 'runs':
      expectValues('runs', values, 0, 0);
      return runsCommand(context, { ...archiveOptions(options), last: RUNS_SHOWN });
    case 'show':
      expectValues('show RUN', values, 1, 1);
      return showCommand(context, values[0]!, archiveOptions(options));
    case 'help':
      context.terminal.note(HELP);
      return EXIT.done;
    default:
      throw new Failure(`"${command}" is no command here. Allowed: run, exit, runs, show, help.`);
  }
}

/** The archive of the laboratory that is up, unless it is the cloud's. */
function archiveOptions({ backend, ...options }: SiteOptions): ArchiveOptions {
  return backend === 'gcp' ? { ...options, backend } : { state: options.state };
}

async function consoleRun({ context, site }: ConsoleState, values: readonly string[]) {
  expectValues('run N N_MSGS [ORDERING]', values, 2, 3);
  const [peers, messages, ordering] = values;
  const body = createRunBody(toCount('N', peers!), toCount('N_MSGS', messages!), {
    state: '',
    ...(ordering !== undefined && { ordering }),
  });
  const comparison = await executeRun(context, site, body);
  await printComparison(context, site, comparison, false);
  return exitStatus(comparison);
}

async function consoleExit(state: ConsoleState): Promise<number> {
  const { site, context } = state;
  await tellSite(context, site);
  state.left = true;
  context.terminal.note('The peers were told to end.');
  const end = await site.laboratory?.whenDown;
  if (end?.how === 'failed') throw new Failure(`the laboratory went down: ${end.message}`);
  return EXIT.done;
}

async function tellSite(context: Context, site: Site): Promise<void> {
  const joined = site.laboratory === null ? await findLaboratory(site.directory) : null;
  if (joined?.url === site.url) return tellToExit(context, joined);
  try {
    await postExit(site.url, site.signal);
  } catch (error) {
    if (site.laboratory === null) throw error;
    context.terminal.note(messageOf(error));
    await site.laboratory.stop();
  }
}

function expectValues(usage: string, values: readonly string[], min: number, max: number): void {
  if (values.length >= min && values.length <= max) return;
  throw new Failure(`it is: ${usage}`);
}

function toCount(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Failure(`${name} is a whole number, not "${text}"`);
}
