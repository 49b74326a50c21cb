import { U32_MAX } from '../core/base/assert.ts';
import { Kind, Message } from '../core/message.ts';
import type { Group, Ordering, Out } from '../core/ordering.ts';
import { MESSAGES_BYTES_DEFAULT } from '../core/wire/datagram.ts';
import type { ExecProcess } from './exec-process.ts';
import {
  advanceEvent,
  AnswerError,
  applyAnswer,
  EXEC_MESSAGE_BYTES_MAX,
  type Effects,
  multicastEvent,
  type ProgramPlace,
  receiveEvent,
} from './exec-protocol.ts';

/**
 * A program that is called by more than 1,000 deadlines within 10 ms is in a loop: the next deadline is always just ahead,
 * and a run of a minute would take hours. No clock of a machine wakes anybody every 10 microseconds.
 */
const ADVANCES_MAX = 1_000;
const ADVANCES_US = 10_000;
/** The most characters of a program's text that a story shows. */
const TEXT_CHARACTERS_MAX = 80;

/** Asks a member's process, applies what it answers, and throws an ExecError for whatever it does wrong. */
export interface ProgramGuard {
  guard<Result>(process: ExecProcess, line: string, apply: (answer: string) => Result): Result;
}

/** One member, which turns calls into events for its program and answers into effects. */
export class ExecMember implements Ordering {
  deadline = Infinity;
  held = 0;
  readonly #owner: ProgramGuard;
  readonly #process: ExecProcess;
  readonly #group: Group;
  readonly #place: ProgramPlace;
  readonly #effects: Effects;
  /**
   * The multicast that the program is being asked about, which is what it sends then; -1 when there is
   * none.
   */
  #multicasting = -1;
  /** When the first of the `#advances` was that count now. */
  #advancesFrom = -Infinity;
  #advancedAt = 0;
  #advances = 0;

  constructor(
    owner: ProgramGuard,
    process: ExecProcess,
    group: Group,
    out: Out,
    payloads: boolean,
  ) {
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
    if (now - this.#advancesFrom >= ADVANCES_US) {
      this.#advances = 0;
      this.#advancesFrom = now;
    }
    this.#advances += 1;
    this.#advancedAt = now;
    this.#ask(advanceEvent(now));
  }

  #ask(line: string): void {
    this.held = this.#owner.guard(this.#process, line, (answer) => {
      const held = applyAnswer(answer, this.#place, this.#effects);
      if (this.#advances > ADVANCES_MAX) throw new AnswerError(this.#describeLoop());
      return held;
    });
  }

  #describeLoop(): string {
    const passedUs = this.#advancedAt - this.#advancesFrom;
    if (passedUs === 0) {
      return `${this.#advances} deadlines in a row at ${this.#advancedAt} us: time stands still`;
    }
    return `${this.#advances} deadlines within ${passedUs} us: time hardly goes on; allowed: ${ADVANCES_MAX} in ${ADVANCES_US} us`;
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
export function describePayload({ payload }: Message): string | null {
  if (payload.length === 0) return null;
  const text = decoder.decode(payload);
  return text.length > TEXT_CHARACTERS_MAX ? `${text.slice(0, TEXT_CHARACTERS_MAX)}...` : text;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function isIndex(value: unknown, max: number): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= max;
}
