import { isUtf8 } from 'node:buffer';
import { closeSync, readSync, writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import {
  describeEnd,
  describeStderr,
  ExecError,
  excerptOf,
  hintOfUnrunnable,
} from './exec-error.ts';
import { createPipes, type Pipes } from './exec-pipes.ts';
import {
  createSharedMemory,
  END_MARK,
  END_MARK_BYTE,
  LOOK_MARK,
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
export function pause(milliseconds: number): void {
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
    const { directory, ...pipes } = createPipes(who);
    this.#tell({ kind: 'start', id, command, directory, memory });
    const state = viewOf(memory);
    const stop = (): void => this.#tell({ kind: 'stop', id });
    if (Atomics.wait(state.numbers, State.begun, 0, BEGIN_MS_MAX) === 'timed-out') {
      throw new ExecError(`${who} could not be started: the thread that starts it does not answer`);
    }
    return new ExecProcess({ who, command, ...pipes, state, stop, answerMsMax });
  }

  /** Ends the thread, and every program with it. */
  async close(): Promise<void> {
    await this.#watchdog.terminate();
  }

  #tell(command: WatchdogCommand): void {
    this.#watchdog.postMessage(command);
  }
}

interface ExecProcessOptions extends Omit<Pipes, 'directory'> {
  readonly who: string;
  readonly command: string;
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
  readonly #written = Buffer.alloc(QUESTION_BYTES_MAX);
  #answer = Buffer.alloc(ANSWER_BYTES_INITIAL);
  /** Bytes in `#answer`. */
  #filled = 0;
  #asked = 0;
  #question = '';
  /** The answer to that. */
  #said = '';
  #isStopped = false;

  constructor(options: ExecProcessOptions) {
    this.#options = options;
  }

  /** Whether it was stopped, by `stop` or because it failed. */
  get stopped(): boolean {
    return this.#isStopped;
  }

  /** What it was asked last; empty before the first question. */
  get question(): string {
    return this.#question;
  }

  /**
   * Sees to it that the program wrote nothing since its last answer, as far as it has arrived: it would be taken for the
   * answer to the next question. Throws an ExecError otherwise, after which the program is gone.
   */
  requireSilence(): void {
    // What is there already is the mark of its end, which the next question finds.
    if (this.#isStopped || this.#filled > 0) return;
    const text = this.#readAll();
    if (text === '') return;
    if (text === END_MARK) this.#filled = this.#answer.write(END_MARK);
    else throw this.#surplus(text.replace(END_MARK, ''));
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
    this.#question = line;
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
    const { who, command, state } = this.#options;
    this.stop();
    const hint = hintOfUnrunnable(command, Atomics.load(state.numbers, State.status));
    const hints = hint === null ? '' : `\nHint: ${hint}.`;
    return new ExecError(`${who} ${problem}\n${describeStderr(state)}${hints}`);
  }

  /** Kills the program; a second call changes nothing. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#options.stop();
    closeSync(this.#options.questions);
    closeSync(this.#options.answers);
    closeSync(this.#options.marks);
  }

  #write(line: string): void {
    const length = this.#written.write(line);
    if (length > QUESTION_BYTES_MAX - 4) throw this.fail(`was to be asked more than fits a line`);
    this.#written[length] = NEWLINE;
    for (let count = 0; count <= length;) {
      count += this.#writeSome(count, length + 1 - count);
    }
  }

  /** How many bytes the pipe took; while it is full, the watchdog bounds the waiting. */
  #writeSome(from: number, length: number): number {
    try {
      return writeSync(this.#options.questions, this.#written, from, length);
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
    this.#requireUtf8(text, end);
    this.#said = text;
    this.#keepRest(end + 1);
    return text;
  }

  /** Refuses what was no UTF-8: bytes that are none of it have become U+FFFD, and others would get that. */
  #requireUtf8(text: string, length: number): void {
    if (!text.includes('\uFFFD') || isUtf8(this.#answer.subarray(0, length))) return;
    throw this.fail(`answered ${excerptOf(text)}: it is no UTF-8, as every answer is.`);
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
  #keepRest(from: number): void {
    this.#filled = this.#answer.copy(this.#answer, 0, from, this.#filled);
    if (this.#filled === 0) return;
    const rest = this.#answer.toString('utf8', 0, this.#filled);
    if (rest !== END_MARK) throw this.#surplus(rest);
  }

  /** The error for what answers nothing. It may have been an earlier line that was too many, which was taken for an answer. */
  #surplus(rest: string): ExecError {
    const more = `${excerptOf(rest)}. Write anything else to standard error`;
    if (this.#asked === 0) return this.fail(`wrote before it was asked anything: ${more}.`);
    return this.fail(
      `wrote more than one line to answer one event: ${excerptOf(this.#said)}, then ${more}. ` +
        'If an earlier line was too many, each answer since then was taken for that to the next event.',
    );
  }

  /** Reads what is there and waits for nothing: up to a mark that it writes itself. */
  #readAll(): string {
    const { marks, answers } = this.#options;
    try {
      writeSync(marks, LOOK_MARK);
    } catch (error) {
      // A pipe that is full holds something to read, so that reading does not wait.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
    const length = readSync(answers, this.#answer, 0, this.#answer.length, null);
    return this.#answer.toString('utf8', 0, length).replace(LOOK_MARK, '');
  }

  #ended(partial: string, waitMs: number): ExecError {
    const end = describeEnd(this.#options.state, waitMs);
    return this.fail(partial === '' ? end : `${end}, after it had begun: ${excerptOf(partial)}`);
  }
}
