import { U32_MAX } from '../core/base/assert.ts';
import { MESSAGES_BYTES_DEFAULT } from '../core/wire/datagram.ts';
import type { GuaranteeName } from '../core/guarantees.ts';
import { Kind, Message } from '../core/message.ts';
import type { Create, Group, Ordering, Out } from '../core/ordering.ts';
import type { OrderingEntry } from '../core/orderings/registry.ts';
import { reliable } from '../core/channels/reliable-link.ts';
import { ExecError, excerptOf } from './exec-error.ts';
import { ExecLauncher, type ExecProcess } from './exec-process.ts';
import {
  advanceEvent,
  AnswerError,
  applyAnswer,
  type Declaration,
  EXEC_MESSAGE_BYTES_MAX,
  type Effects,
  initEvent,
  multicastEvent,
  parseDeclaration,
  type ProgramPlace,
  receiveEvent,
} from './exec-protocol.ts';

/** A program that asks for this many calls in a row at one and the same time is in a loop. */
const ADVANCES_AT_ONCE_MAX = 1_000;
/** The most characters of a program's text that a story shows. */
const TEXT_CHARACTERS_MAX = 80;
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

class ExecGroup implements ExecOrdering {
  readonly entry: OrderingEntry;
  failure: ExecError | null = null;
  readonly #command: string;
  readonly #answerMsMax: number;
  readonly #launcher: ExecLauncher;
  readonly #processes: ExecProcess[] = [];
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
      name: `exec-${nameOf(options.command)}`,
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
    };
  }

  async close(): Promise<void> {
    for (const process of this.#processes) process.stop();
    await this.#launcher.close();
  }

  /** The member's process, and an error for whatever it does wrong. */
  guard<Result>(process: ExecProcess, line: string, apply: (answer: string) => Result): Result {
    try {
      const answer = process.ask(line);
      try {
        return apply(answer);
      } catch (error) {
        if (!(error instanceof AnswerError)) throw error;
        throw process.fail(`answered ${excerptOf(answer)}: ${error.message}.`);
      }
    } catch (error) {
      if (!(error instanceof ExecError)) throw error;
      const failure = new ExecError(`${error.message}\nIt was asked: ${excerptOf(line)}`);
      this.failure ??= failure;
      throw failure;
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
    this.#placed = new Array<boolean>(size).fill(false);
    for (let self = 0; self < size; self += 1) {
      if (!this.#resets) this.#processes[self]?.stop();
      this.#processOf(self);
    }
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

/** One member, which turns calls into events for its program and answers into effects. */
class ExecMember implements Ordering {
  deadline = Infinity;
  held = 0;
  readonly #owner: ExecGroup;
  readonly #process: ExecProcess;
  readonly #group: Group;
  readonly #place: ProgramPlace;
  readonly #effects: Effects;
  /**
   * The multicast that the program is being asked about, which is what it sends then; -1 when there is
   * none.
   */
  #multicasting = -1;
  #advancedAt = -1;
  #advances = 0;

  constructor(owner: ExecGroup, process: ExecProcess, group: Group, out: Out, payloads: boolean) {
    this.#place = { self: group.self, size: group.size, payloads };
    this.#owner = owner;
    this.#process = process;
    this.#group = group;
    this.#effects = {
      send: (to, message) => out.send(to, this.#wrap(message)),
      multicast: (message) => out.multicast(this.#wrap(message)),
      deliver: (sender, sequence, payload) =>
        out.deliver(new Message(Kind.data, sender, sequence, payload)),
      schedule: (deadline) => (this.deadline = deadline),
    };
  }

  multicast(now: number, message: Message): void {
    this.#multicasting = message.sequence;
    const payload = this.#place.payloads ? message.payload : null;
    this.#ask(multicastEvent(now, message.sender, message.sequence, payload));
    this.#multicasting = -1;
  }

  receive(now: number, from: number, message: Message): void {
    this.#ask(receiveEvent(now, from, decoder.decode(message.payload)));
  }

  advance(now: number): void {
    // Each deadline is for one call: a program that wants another call asks for it.
    this.deadline = Infinity;
    this.#advances = now === this.#advancedAt ? this.#advances + 1 : 1;
    this.#advancedAt = now;
    this.#ask(advanceEvent(now));
  }

  #ask(line: string): void {
    this.held = this.#owner.guard(this.#process, line, (answer) => {
      const held = applyAnswer(answer, this.#place, this.#effects);
      if (this.#advances <= ADVANCES_AT_ONCE_MAX) return held;
      throw new AnswerError(
        `${this.#advances} deadlines in a row at ${this.#advancedAt} us: time stands still`,
      );
    });
  }

  /** Wraps what a program sends: data if it carries a multicast, otherwise a control message. */
  #wrap(message: object): Message {
    const payload = encoder.encode(JSON.stringify(message));
    if (payload.length > EXEC_MESSAGE_BYTES_MAX) {
      throw new AnswerError(
        `a message takes ${payload.length} bytes as JSON; allowed: ${EXEC_MESSAGE_BYTES_MAX}, ` +
          `since a datagram holds ${MESSAGES_BYTES_DEFAULT}`,
      );
    }
    if (this.#multicasting >= 0) {
      return new Message(Kind.data, this.#group.self, this.#multicasting, payload);
    }
    const { sender, sequence } = message as { sender?: unknown; sequence?: unknown };
    const carries = isIndex(sender, this.#group.size - 1) && isIndex(sequence, U32_MAX);
    if (carries) return new Message(Kind.data, sender, sequence, payload);
    return new Message(Kind.exec, this.#group.self, 0, payload);
  }
}

/** What a program wrote, as it wrote it, shortened; `null` for what carries nothing of it. */
function describePayload({ payload }: Message): string | null {
  if (payload.length === 0) return null;
  const text = decoder.decode(payload);
  return text.length > TEXT_CHARACTERS_MAX ? `${text.slice(0, TEXT_CHARACTERS_MAX)}...` : text;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function isIndex(value: unknown, max: number): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= max;
}

/** From `python3 path/My lamport.py --fast` to `lamport`: the file's name, else the command's. */
function nameOf(command: string): string {
  const words = command.replaceAll(/["']/g, '').split(/\s+/);
  const word = words.find((each) => /\.[a-z0-9]+$/i.test(each)) ?? words[0]!;
  const base = word.slice(word.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
  const name = base.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return name.replaceAll(/^[^a-z]+|-+$/g, '').slice(0, 35) || 'program';
}
