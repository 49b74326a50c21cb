import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, constants, openSync, rmSync, writeSync } from 'node:fs';
import { constants as osConstants } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { parentPort } from 'node:worker_threads';
import {
  END_MARK,
  End,
  type SharedState,
  State,
  STDERR_BYTES_MAX,
  TICK_MS,
  viewOf,
  type WatchdogCommand,
} from './exec-state.ts';

/**
 * The thread that owns the programs which another thread talks to. The other one blocks while it
 * waits for an answer; this one never does, so it sees a program end or be late, and wakes the other
 * by a mark in the pipe in which that one waits.
 */

/** How long a program may be silent before the person who waits is told the usual reason. */
const SILENCE_MS = 3_000;

/** How long a program's last words on standard error may take after it ended or was killed. */
const LAST_WORDS_MS = 300;

/**
 * Runs "$1" in a process group of its own, under a reaper that kills the whole group once descriptor 3
 * is closed: by us, or by the system when we are gone, however that came about. The reaper keeps the
 * group's number from being given to anybody else.
 */
const UNDER_A_REAPER =
  '( trap "" HUP INT TERM; read -r _ <&3; kill -s KILL -- -$$ ) </dev/null >/dev/null 2>&1 & ' +
  'exec 3<&-; exec sh -c "$1"';

class Program {
  readonly #command: string;
  readonly #state: SharedState;
  readonly #child: ChildProcess;
  /** The writing end of our own of the pipe in which the other thread waits. */
  readonly #mark: number;
  #stderr = Buffer.alloc(0);
  #exchange = 0;
  #ticks = 0;
  #isStopped = false;
  #isTold = false;

  constructor(command: string, directory: string, memory: SharedArrayBuffer) {
    this.#command = command;
    this.#state = viewOf(memory);
    const stdin = openSync(join(directory, 'in'), constants.O_RDONLY);
    const stdout = openSync(join(directory, 'out'), constants.O_WRONLY);
    this.#mark = openSync(join(directory, 'out'), constants.O_WRONLY | constants.O_NONBLOCK);
    rmSync(directory, { recursive: true, force: true });
    this.#child = spawn('sh', ['-c', UNDER_A_REAPER, 'sh', command], {
      detached: true,
      stdio: [stdin, stdout, 'pipe', 'pipe'],
    });
    closeSync(stdin);
    closeSync(stdout);
    this.#listen();
    Atomics.store(this.#state.numbers, State.begun, 1);
    Atomics.notify(this.#state.numbers, State.begun);
  }

  /** Counts the ticks for which one and the same answer has been awaited. */
  tick(): void {
    const { numbers } = this.#state;
    const exchange = Atomics.load(numbers, State.exchange);
    const isSame = exchange === this.#exchange && exchange % 2 === 1;
    this.#ticks = isSame ? this.#ticks + 1 : 0;
    this.#exchange = exchange;
    if (this.#ticks === SILENCE_MS / TICK_MS) tellOfSilence(this.#command);
    if (this.#ticks < Atomics.load(numbers, State.ticksMax) || this.#ticks === 0) return;
    if (Atomics.compareExchange(numbers, State.end, End.none, End.late) !== End.none) return;
    this.#kill();
    setTimeout(() => this.#tellEnd(), LAST_WORDS_MS);
  }

  stop(): void {
    this.#isStopped = true;
    this.#kill();
    closeSync(this.#mark);
  }

  #listen(): void {
    const child = this.#child;
    child.stderr!.on('data', (chunk: Buffer) => this.#keepTail(chunk));
    // The other end of these streams may be gone before we are; there is nobody to tell.
    for (const stream of child.stdio) stream?.on('error', () => undefined);
    child.once('error', (error) => {
      this.#keepTail(Buffer.from(error.message));
      Atomics.compareExchange(this.#state.numbers, State.end, End.none, End.unstartable);
      this.#tellEnd();
    });
    child.once('exit', (status, signal) => {
      this.#noteExit(status, signal);
      // Whatever the program left behind in its group ends with it.
      this.#kill();
      setTimeout(() => this.#tellEnd(), LAST_WORDS_MS);
    });
    child.once('close', () => this.#tellEnd());
  }

  #noteExit(status: number | null, signal: NodeJS.Signals | null): void {
    const { numbers } = this.#state;
    const number = signal === null ? (status ?? 0) : osConstants.signals[signal];
    Atomics.store(numbers, State.status, number);
    Atomics.store(numbers, State.signalled, signal === null ? 0 : 1);
    Atomics.compareExchange(numbers, State.end, End.none, End.exited);
  }

  #keepTail(chunk: Buffer): void {
    this.#stderr = Buffer.concat([this.#stderr, chunk]).subarray(-STDERR_BYTES_MAX);
    this.#state.stderr.set(this.#stderr);
    Atomics.store(this.#state.numbers, State.stderrBytes, this.#stderr.length);
  }

  #kill(): void {
    (this.#child.stdio[3] as Writable | null)?.destroy();
  }

  /** Wakes whoever waits for an answer that will not come; a pipe that is full just now is tried again. */
  #tellEnd(): void {
    if (this.#isStopped || this.#isTold) return;
    try {
      writeSync(this.#mark, END_MARK);
      this.#isTold = true;
    } catch {
      setTimeout(() => this.#tellEnd(), TICK_MS);
    }
  }
}

const STANDARD_ERROR = 2;
let isSilenceTold = false;

/** Tells of the silence once, whichever member's program it is. */
function tellOfSilence(command: string): void {
  if (isSilenceTold) return;
  isSilenceTold = true;
  // This does not use process.stderr: in this thread that is a stream by way of the other one, which is
  // waiting.
  writeSync(
    STANDARD_ERROR,
    `The program ${command} has not answered for ${SILENCE_MS / 1_000} s. Does it end each answer with a ` +
      'newline, and flush it (in Python: print(..., flush=True))?\n',
  );
}

const programs = new Map<number, Program>();

parentPort!.on('message', (command: WatchdogCommand) => {
  if (command.kind === 'start') {
    programs.set(command.id, new Program(command.command, command.directory, command.memory));
  } else {
    programs.get(command.id)?.stop();
    programs.delete(command.id);
  }
});

setInterval(() => {
  for (const program of programs.values()) program.tick();
}, TICK_MS);
