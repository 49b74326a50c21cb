import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { LABORATORY_FLAGS } from './node-flags.ts';

/** What to start: one of the project's own programs, on the Node that runs this one. */
export interface ProcessSpecification {
  /** Short, unique in the laboratory: its log's name, and what errors call it. */
  readonly name: string;
  /** Absolute path of a .ts file. */
  readonly script: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** Gets each line of standard output, which then stays out of the log. */
  readonly onLine?: (line: string) => unknown;
}

/** How a process ended: one of the two is `null`. */
export interface ProcessEnd {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface RunningProcess {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** Resolves once it ended and its output is read; never rejects. */
  readonly ended: Promise<ProcessEnd>;
  /** Resolves once it has said that its code is loaded, or has ended; never rejects. */
  readonly loaded: Promise<void>;
  hasEnded(): boolean;
  /** Sends SIGTERM now and SIGKILL after `graceMs`; resolves when the process has ended. */
  stop(graceMs: number): Promise<ProcessEnd>;
}

/** What a peer sends once its code is loaded and the compile cache has it (peer/announce-loaded.ts). */
const LOADED = 'loaded';
const LOG_TAIL_BYTES = 2_000;

/** Children that live: killed without further ado when this process ends, however it ends. */
const living = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

/**
 * Starts a process of its own group (so that Ctrl-C reaches this process alone, which then stops
 * its children in order) with a channel whose closing tells it that this process is gone.
 * Throws when it could not be started at all.
 */
export async function startProcess(specification: ProcessSpecification): Promise<RunningProcess> {
  const log = openLog(specification.logFile);
  const child = spawn(process.execPath, [...LABORATORY_FLAGS, specification.script], {
    env: childEnvironment(specification.environment),
    stdio: ['ignore', specification.onLine === undefined ? log : 'pipe', log, 'ipc'],
    detached: true,
  });
  if (log !== 'ignore') closeSync(log);
  living.add(child);
  const ended = endOf(child).finally(() => living.delete(child));
  await spawned(child, specification.name);
  readLines(child, specification.onLine);
  return new Running(specification, child, ended);
}

/** A log that cannot be written, as on a full disk, is no reason not to start a process. */
function openLog(logFile: string): number | 'ignore' {
  try {
    return openSync(logFile, 'a', 0o600);
  } catch {
    return 'ignore';
  }
}

class Running implements RunningProcess {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  readonly ended: Promise<ProcessEnd>;
  readonly loaded: Promise<void>;
  readonly #child: ChildProcess;

  constructor(
    specification: ProcessSpecification,
    child: ChildProcess,
    ended: Promise<ProcessEnd>,
  ) {
    this.name = specification.name;
    this.pid = child.pid!;
    this.logFile = specification.logFile;
    this.ended = ended;
    this.loaded = loadedOf(child, ended);
    this.#child = child;
  }

  hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  async stop(graceMs: number): Promise<ProcessEnd> {
    if (!this.hasEnded()) this.#child.kill('SIGTERM');
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), graceMs);
    try {
      return await this.ended;
    } finally {
      clearTimeout(kill);
    }
  }
}

/** A process's end in words, as in "ended with status 3" or "was ended by SIGKILL". */
export function describeProcessEnd(end: ProcessEnd): string {
  return end.signal === null ? `ended with status ${end.status}` : `was ended by ${end.signal}`;
}

/** The last lines of a log, indented, or a note that it is empty or cannot be read. */
export function logTail(logFile: string): string {
  try {
    return readTail(openSync(logFile, 'r'));
  } catch (error) {
    return `  (its log cannot be read: ${error instanceof Error ? error.message : String(error)})`;
  }
}

function readTail(log: number): string {
  try {
    const size = fstatSync(log).size;
    const bytes = Buffer.alloc(Math.min(size, LOG_TAIL_BYTES));
    readSync(log, bytes, 0, bytes.length, size - bytes.length);
    const lines = bytes.toString('utf8').trimEnd().split('\n').slice(-12);
    return lines.join('') === '' ? '  (its log is empty)' : lines.map((l) => `  ${l}`).join('\n');
  } finally {
    closeSync(log);
  }
}

// A child gets its settings from its specification alone, not from whatever this shell has exported.
function childEnvironment(settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => {
    return !name.startsWith('MPCOMM_') && !name.endsWith('_EMULATOR_HOST');
  });
  return { ...Object.fromEntries(inherited), ...settings };
}

function endOf(child: ChildProcess): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    child.once('close', (status, signal) => resolve({ status, signal }));
    // A child that never started has no 'close' in every version.
    child.once('error', () => {
      if (child.pid === undefined) resolve({ status: null, signal: null });
    });
  });
}

function loadedOf(child: ChildProcess, ended: Promise<ProcessEnd>): Promise<void> {
  return new Promise((resolve) => {
    child.on('message', (message) => message === LOADED && resolve());
    void ended.then(() => resolve());
  });
}

function spawned(child: ChildProcess, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.on('error', (error) => {
      reject(new Error(`could not start ${name}: ${error.message}`, { cause: error }));
    });
  });
}

function readLines(child: ChildProcess, onLine: ProcessSpecification['onLine']): void {
  if (onLine === undefined || child.stdout === null) return;
  createInterface({ input: child.stdout, crlfDelay: Infinity }).on('line', onLine);
}
