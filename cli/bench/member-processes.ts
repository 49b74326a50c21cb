import { fork, type ChildProcess } from 'node:child_process';
import { LABORATORY_FLAGS } from '../../local/node-flags.ts';
import { NO_FIGURES, type MemberFigures } from './member-figures.ts';

/** How long all may take until each has said its port: a member takes half a second of a core, or several on a slow machine. */
const FIRST_WORDS_MS_BASE = 20_000;
const FIRST_WORDS_MS_A_MEMBER = 5_000;
/** Beyond the time that members give themselves: they look for each other first. */
const GRACE_MS = 15_000;

type Said = { readonly port: number } | { readonly figures: MemberFigures };

/**
 * The members of a bench, each a process of the file `script`. They are started for the first run and serve all
 * further ones, since what Node has compiled by then is part of no ordering's cost. In each run a process is told its
 * task, says its port, is told the ports of all, and says its figures.
 */
export class MemberProcesses {
  readonly #script: string;
  readonly #signal: AbortSignal;
  #members: Member[] = [];

  /** Once `signal` is aborted, all processes are ended, and what is waited for throws its reason. */
  constructor(script: string, signal: AbortSignal) {
    this.#script = script;
    this.#signal = signal;
  }

  /**
   * Has each member do its task, and gives their figures, at most `secondsMax` and a while later. Members that said
   * nothing by then count as having delivered nothing, and the next run has new processes. Throws when one does not
   * start, or ends before it said what it delivered.
   */
  async run(tasks: readonly object[], secondsMax: number): Promise<MemberFigures[]> {
    this.#signal.throwIfAborted();
    const end = (): void => this.end();
    this.#signal.addEventListener('abort', end);
    try {
      return await this.#run(tasks, secondsMax);
    } catch (error) {
      this.end();
      throw error;
    } finally {
      this.#signal.removeEventListener('abort', end);
    }
  }

  /** Ends all processes. */
  end(): void {
    for (const member of this.#members) member.end();
    this.#members = [];
  }

  async #run(tasks: readonly object[], secondsMax: number): Promise<MemberFigures[]> {
    if (this.#members.length !== tasks.length) {
      this.end();
      this.#members = tasks.map(() => new Member(this.#script));
    }
    const members = this.#members;
    members.forEach((member, index) => member.tell({ task: tasks[index]! }));
    const startMsMax = FIRST_WORDS_MS_BASE + members.length * FIRST_WORDS_MS_A_MEMBER;
    const ports = await Promise.all(members.map((each) => each.hear(startMsMax)));
    this.#signal.throwIfAborted();
    const silent = ports.findIndex((each) => each === null);
    if (silent >= 0)
      throw new Error(`member ${silent} did not start within ${startMsMax / 1_000} s, or ended`);
    const told = ports.map((each) => (each !== null && 'port' in each ? each.port : 0));
    for (const member of members) member.tell({ ports: told, atMs: Date.now() });
    const msMax = 1_000 * secondsMax + GRACE_MS;
    const answers = await Promise.all(members.map((each) => each.hear(msMax)));
    this.#signal.throwIfAborted();
    const ended = members.findIndex(({ isOver }, index) => isOver && answers[index] === null);
    if (ended >= 0) throw new Error(`member ${ended} ended before it said what it delivered`);
    if (answers.includes(null)) this.end();
    return answers.map((each) => (each !== null && 'figures' in each ? each.figures : NO_FIGURES));
  }
}

/** One process, and what it said that nobody heard yet. */
class Member {
  readonly #process: ChildProcess;
  readonly #said: Said[] = [];
  #wake: () => void = () => undefined;

  constructor(script: string) {
    this.#process = fork(script, [], { execArgv: [...LABORATORY_FLAGS] });
    this.#process.on('message', (said) => {
      this.#said.push(said as Said);
      this.#wake();
    });
    // One that could not be started, or be told anything, is one that says nothing.
    this.#process.on('error', () => this.#wake());
    this.#process.on('exit', () => this.#wake());
  }

  get isOver(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  tell(words: object): void {
    if (this.#process.connected) this.#process.send(words, () => undefined);
  }

  /** What it says next, or `null` when it ends or the time passes before. */
  async hear(msMax: number): Promise<Said | null> {
    const deadlineMs = Date.now() + msMax;
    while (this.#said.length === 0 && !this.isOver && Date.now() < deadlineMs) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        setTimeout(resolve, Math.max(0, deadlineMs - Date.now())).unref();
      });
    }
    return this.#said.shift() ?? null;
  }

  end(): void {
    this.#process.kill('SIGKILL');
  }
}
