import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describeEnd, describeStderr, ExecError, excerptOf } from './exec-error.ts';
import {
  createSharedMemory,
  END_MARK,
  END_MARK_BYTE,
  type SharedState,
  State,
  TICK_MS,
  viewOf,
  type WatchdogCommand,
} from './exec-state.ts';

/** The most bytes of a question; one event takes less, as a message has at most EXEC_MESSAGE_BYTES_MAX. */
const QUESTION_BYTES_MAX = 8_192;
const ANSWER_BYTES_INITIAL = 65_536;
const ANSWER_BYTES_MAX = 1_048_576;
/** How long the watchdog may take to begin: it has nothing else to do, so after that it never will. */
const BEGIN_MS_MAX = 15_000;
/** A program's first answer includes its start, on a machine that may be starting many. */
const START_MS = 10_000;
/** How long a program that broke the protocol has for its last words on standard error. */
const LAST_WORDS_MS = 50;

const NEWLINE = 10;
const pausing = new Int32Array(new SharedArrayBuffer(4));

/** Blocks this thread. */
function pause(milliseconds: number): void {
  Atomics.wait(pausing, 0, 0, milliseconds);
}

/** Starts programs and owns the thread that watches over them (exec-watchdog.ts). */
export class ExecLauncher {
  readonly #watchdog: Worker;
  #started = 0;

  constructor() {
    this.#watchdog = new Worker(new URL('./exec-watchdog.ts', import.meta.url));
    // An owner that forgets `close` must still be able to end; the programs end with it.
    this.#watchdog.unref();
  }

  /**
   * Starts `command` (for `sh -c`); `who` is what errors call it. Throws an ExecError if that is
   * impossible; a command that does not exist is found out with its first answer.
   */
  start(command: string, who: string, answerMsMax: number): ExecProcess {
    const id = (this.#started += 1);
    const memory = createSharedMemory();
    const { directory, questions, answers } = createPipes(who);
    this.#tell({ kind: 'start', id, command, directory, memory });
    const state = viewOf(memory);
    const stop = (): void => this.#tell({ kind: 'stop', id });
    if (Atomics.wait(state.numbers, State.begun, 0, BEGIN_MS_MAX) === 'timed-out') {
      throw new ExecError(`${who} could not be started: the thread that starts it does not answer`);
    }
    return new ExecProcess({ who, questions, answers, state, stop, answerMsMax });
  }

  /** Ends the thread, and every program with it. */
  async close(): Promise<void> {
    await this.#watchdog.terminate();
  }

  #tell(command: WatchdogCommand): void {
    this.#watchdog.postMessage(command);
  }
}

/**
 * Creates named pipes, because only those can be read by a thread that blocks: Node's own spawn offers
 * sockets that never block. The pipes are opened in both directions, so that opening them waits for
 * nobody, and a program that ends does not break a pipe under a read; the watchdog's mark ends the
 * read. Throws an ExecError, which calls the program `who`, where that is impossible.
 */
function createPipes(who: string): Pipes {
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
    };
  } catch (error) {
    if (directory !== null) rmSync(directory, { recursive: true, force: true });
    const { message } = error as Error;
    throw new ExecError(`${who} could not be started: no pipes to it can be made (${message})`, {
      cause: error,
    });
  }
}

interface Pipes {
  readonly directory: string;
  readonly questions: number;
  readonly answers: number;
}

interface ExecProcessOptions {
  readonly who: string;
  readonly questions: number;
  readonly answers: number;
  readonly state: SharedState;
  readonly stop: () => void;
  readonly answerMsMax: number;
}

/**
 * One running program, asked synchronously: a line in, a line out. Each wait is bounded by the
 * watchdog, which kills a program that is late.
 */
export class ExecProcess {
  readonly #options: ExecProcessOptions;
  readonly #question = Buffer.alloc(QUESTION_BYTES_MAX);
  #answer = Buffer.alloc(ANSWER_BYTES_INITIAL);
  /** Bytes in `#answer`. */
  #filled = 0;
  #asked = 0;
  #isStopped = false;

  constructor(options: ExecProcessOptions) {
    this.#options = options;
  }

  /** Whether it was stopped, by `stop` or because it failed. */
  get stopped(): boolean {
    return this.#isStopped;
  }

  /**
   * Sends one line (given without its newline) and returns the line that answers it. Throws an
   * ExecError, after which the program is gone.
   */
  ask(line: string): string {
    if (this.#isStopped) throw new ExecError(`${this.#options.who} was stopped before`);
    const { numbers } = this.#options.state;
    const waitMs = this.#options.answerMsMax + (this.#asked === 0 ? START_MS : 0);
    this.#asked += 1;
    Atomics.store(numbers, State.ticksMax, Math.ceil(waitMs / TICK_MS));
    Atomics.add(numbers, State.exchange, 1);
    try {
      this.#write(line);
      return this.#readLine(waitMs);
    } finally {
      Atomics.add(numbers, State.exchange, 1);
    }
  }

  /** The error for an answer that is none, with the program's last words; the program is stopped. */
  fail(problem: string): ExecError {
    pause(LAST_WORDS_MS);
    const { who, state } = this.#options;
    this.stop();
    return new ExecError(`${who} ${problem}\n${describeStderr(state)}`);
  }

  /** Kills the program; a second call changes nothing. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#options.stop();
    closeSync(this.#options.questions);
    closeSync(this.#options.answers);
  }

  #write(line: string): void {
    const length = this.#question.write(line);
    if (length > QUESTION_BYTES_MAX - 4) throw this.fail(`was to be asked more than fits a line`);
    this.#question[length] = NEWLINE;
    for (let written = 0; written <= length;) {
      written += this.#writeSome(written, length + 1 - written);
    }
  }

  /** How many bytes the pipe took; while it is full, the watchdog bounds the waiting. */
  #writeSome(from: number, length: number): number {
    try {
      return writeSync(this.#options.questions, this.#question, from, length);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
    const { state, answerMsMax } = this.#options;
    if (Atomics.load(state.numbers, State.end) !== 0) {
      throw this.fail(`${describeEnd(state, answerMsMax)} without reading what it was asked`);
    }
    pause(1);
    return 0;
  }

  #readLine(waitMs: number): string {
    let end = this.#answer.subarray(0, this.#filled).indexOf(NEWLINE);
    while (end < 0) end = this.#readMore();
    const hasEnded = end > 0 && this.#answer[end - 1] === END_MARK_BYTE;
    const text = this.#answer.toString('utf8', 0, hasEnded ? end - 1 : end);
    if (hasEnded) throw this.#ended(text, waitMs);
    this.#keepRest(end + 1, text);
    return text;
  }

  /** Reads what is there, at least a byte; returns where the first newline is, or -1. */
  #readMore(): number {
    if (this.#filled === this.#answer.length) this.#grow();
    const from = this.#filled;
    this.#filled += readSync(
      this.#options.answers,
      this.#answer,
      from,
      this.#answer.length - from,
      null,
    );
    const found = this.#answer.subarray(from, this.#filled).indexOf(NEWLINE);
    return found < 0 ? -1 : from + found;
  }

  #grow(): void {
    if (this.#filled >= ANSWER_BYTES_MAX) {
      const start = this.#answer.toString('utf8', 0, 400);
      throw this.fail(`wrote ${ANSWER_BYTES_MAX} bytes without a newline: ${excerptOf(start)}`);
    }
    this.#answer = Buffer.concat([this.#answer], this.#answer.length * 2);
  }

  /** Nothing may follow an answer, except that the program ended. */
  #keepRest(from: number, answer: string): void {
    this.#filled = this.#answer.copy(this.#answer, 0, from, this.#filled);
    if (this.#filled === 0) return;
    const rest = this.#answer.toString('utf8', 0, this.#filled);
    if (rest === END_MARK) return;
    throw this.fail(
      `wrote more than one line to answer one event: ${excerptOf(answer)}, then ` +
        `${excerptOf(rest)}. Write anything else to standard error.`,
    );
  }

  #ended(partial: string, waitMs: number): ExecError {
    const end = describeEnd(this.#options.state, waitMs);
    return this.fail(partial === '' ? end : `${end}, after it had begun: ${excerptOf(partial)}`);
  }
}
