import { U32_MAX } from '../core/base/assert.ts';
import { toError } from '../core/base/to-error.ts';
import type { GuaranteeName } from '../core/guarantees.ts';
import type { Create, Group, Ordering, Out } from '../core/ordering.ts';
import type { OrderingEntry } from '../core/orderings/registry.ts';
import { reliable } from '../core/channels/reliable-link.ts';
import { ExecError, excerptOf } from './exec-error.ts';
import { describePayload, ExecMember, type ProgramGuard } from './exec-member.ts';
import { nameOfCommand } from './exec-name.ts';
import { ExecLauncher, type ExecProcess, pause } from './exec-process.ts';
import { AnswerError, type Declaration, initEvent, parseDeclaration } from './exec-protocol.ts';

/** How long a program has to write, after a run, what it should not have. */
const LAST_LINES_MS = 50;
/** The group of which a program is told when it is only asked what it declares. */
const PROBE = { self: 0, size: 3, random: () => 0 };

export interface ExecOptions {
  /** A command line for `sh -c`, such as "python3 mine.py"; one process a member. */
  readonly command: string;
  /** Guarantees that replace those that the program declares. */
  readonly guarantees?: readonly GuaranteeName[];
  /** `reliable`: what it sends arrives once and in order (core/channels/reliable-link.ts); `raw`: as sent. */
  readonly channels?: 'reliable' | 'raw';
  /** New processes for each group, whatever the program says of `reset`; default false. */
  readonly fresh?: boolean;
  /** How long each answer may take; default 5,000. The first answer of a process has 10,000 more. */
  readonly answerMsMax?: number;
}

/** A program as an ordering, until it is closed. */
export interface ExecOrdering {
  /** Its `create` is for one group at a time: a new group ends the one before it. */
  readonly entry: OrderingEntry;
  /** What went wrong first with the program, over all groups; `null` while nothing did. */
  readonly failure: ExecError | null;
  /** Ends all processes. */
  close(): Promise<void>;
}

/**
 * Starts the program once to hear what it declares. Blocks this thread while it waits, here as in all
 * calls of the ordering, since an ordering's calls return when they are done.
 *
 * @throws ExecError if the program does not start, answer or declare as docs/exec-protocol.md says.
 */
export function openExecOrdering(options: ExecOptions): ExecOrdering {
  const launcher = new ExecLauncher();
  try {
    return new ExecGroup(options, launcher);
  } catch (error) {
    // Nobody else could: there is no ordering that its owner closes.
    void launcher.close();
    throw error;
  }
}

class ExecGroup implements ExecOrdering, ProgramGuard {
  readonly entry: OrderingEntry;
  failure: ExecError | null = null;
  readonly #command: string;
  readonly #answerMsMax: number;
  readonly #launcher: ExecLauncher;
  readonly #processes: (ExecProcess | undefined)[] = [];
  /** By member, whether its process has been given a place in the current group. */
  #placed: boolean[] = [];
  readonly #resets: boolean;
  /** Whether the program is told what its messages carry, and hands it on. */
  readonly #payloads: boolean;

  constructor(options: ExecOptions, launcher: ExecLauncher) {
    this.#launcher = launcher;
    this.#command = options.command;
    this.#answerMsMax = options.answerMsMax ?? 5_000;
    const declared = this.#initialize(PROBE, this.#processOf(0));
    this.#payloads = declared.payloads ?? false;
    this.#resets = options.fresh === true ? false : (declared.reset ?? false);
    const channels = options.channels ?? declared.channels ?? 'reliable';
    const create: Create = (group, out) => this.#createMember(group, out);
    this.entry = {
      name: `exec-${nameOfCommand(options.command)}`,
      create: channels === 'reliable' ? reliable(create) : create,
      summary: `the program ${options.command}`,
      guarantees: options.guarantees ?? declared.guarantees ?? this.#nothingDeclared(),
      retransmits: declared.retransmits ?? channels === 'reliable',
      survives: declared.survives ?? 'none',
      handsOnPayloads: this.#payloads,
      // Raw channels repeat (docs/exec-protocol.md), whatever the program does about it.
      ...(channels === 'raw' ? { seesRepetition: true } : {}),
      describe: describePayload,
      moderate: true,
      failureAfterRun: () => {
        pause(LAST_LINES_MS);
        return this.#findSurplus();
      },
    };
  }

  async close(): Promise<void> {
    for (const process of this.#processes) process?.stop();
    await this.#launcher.close();
  }

  /** The member's process, and an error for whatever it does wrong. */
  guard<Result>(process: ExecProcess, line: string, apply: (answer: string) => Result): Result {
    this.#requireSilence(process);
    try {
      const answer = process.ask(line);
      try {
        return apply(answer);
      } catch (error) {
        if (!(error instanceof AnswerError)) throw error;
        throw process.fail(`answered ${excerptOf(answer)}: ${error.message}.`);
      }
    } catch (error) {
      throw this.#noted(error, line);
    }
  }

  #requireSilence(process: ExecProcess): void {
    try {
      process.requireSilence();
    } catch (error) {
      throw this.#noted(error, process.question);
    }
  }

  /** An error of a program, with what it was asked; any other one as it is. */
  #noted(error: unknown, asked: string): unknown {
    if (!(error instanceof ExecError)) return error;
    const failure = new ExecError(`${error.message}\nIt was asked: ${excerptOf(asked)}`);
    this.failure ??= failure;
    return failure;
  }

  /** The error of the first program that wrote more than it was asked for; `null` where none did. */
  #findSurplus(): Error | null {
    try {
      for (const process of this.#processes)
        if (process !== undefined) this.#requireSilence(process);
      return null;
    } catch (error) {
      return toError(error);
    }
  }

  #createMember(group: Group, out: Out): Ordering {
    if ((group.incarnation ?? 0) > 0 || group.alone === true) this.#restart(group.self);
    else if (this.#placed[group.self] ?? true) this.#beginGroup(group.size);
    this.#placed[group.self] = true;
    const process = this.#processOf(group.self);
    const { deadline } = this.#initialize(group, process);
    const member = new ExecMember(this, process, group, out, this.#payloads);
    member.deadline = deadline ?? Infinity;
    return member;
  }

  /** Starts all processes at once: while the first is asked, the others start. */
  #beginGroup(size: number): void {
    // Those that go on are looked at when they are asked next.
    const surplus = this.#resets ? null : this.#findSurplus();
    this.#placed = new Array<boolean>(size).fill(false);
    for (let self = 0; self < size; self += 1) {
      if (!this.#resets) this.#processes[self]?.stop();
      this.#processOf(self);
    }
    if (surplus !== null) throw surplus;
  }

  /**
   * Begins a member anew, because it crashed or is made by itself: nobody asks its process any more, so that it, or
   * another, begins anew.
   */
  #restart(self: number): void {
    if (!this.#resets) this.#processes[self]?.stop();
  }

  #processOf(self: number): ExecProcess {
    const present = this.#processes[self];
    if (present !== undefined && !present.stopped) return present;
    const who = `the program of member ${self} (${this.#command})`;
    return (this.#processes[self] = this.#launcher.start(this.#command, who, this.#answerMsMax));
  }

  #initialize({ self, size, random }: Group, process: ExecProcess): Declaration {
    const seed = Math.floor(random() * (U32_MAX + 1));
    return this.guard(process, initEvent(self, size, seed), parseDeclaration);
  }

  #nothingDeclared(): never {
    this.#processes[0]!.stop();
    throw new ExecError(
      `the program ${this.#command} declares no guarantees, so there is nothing to judge it by: ` +
        'let it answer init with {"guarantees": ["total", ...]}, or use --guarantees',
    );
  }
}
