import type { Decision, Pledge, Standing } from './membership-acceptor.ts';
import { membersToWords, wordsToMembers, type Parcel } from './membership-parcel.ts';
import { Kind, Message } from '../message.ts';
import type { Out } from '../ordering.ts';

/**
 * The messages by which views are agreed on (docs/wire-format.md): `sender` is who sends it, `epoch`
 * the ballot, `sequence` how many messages follow in the parcel; `position` and `timestamp` say how
 * far its sender is, and `vector` where the logs in the parcel begin and how long they are.
 */
export class MembershipWire {
  readonly #self: number;
  readonly #out: Out;

  constructor(self: number, out: Out) {
    this.#self = self;
    this.#out = out;
  }

  prepare(to: number, ballot: number, { epoch, agreed, length }: Standing): void {
    this.#send(to, Kind.viewPrepare, ballot, 0, length, epoch, [agreed]);
  }

  promise(to: number, ballot: number, pledge: Pledge): void {
    const { agreed, epoch, length, start, log, state } = pledge;
    const count = log.length + state.length;
    const vector = [agreed, start, log.length];
    this.#send(to, Kind.viewPromise, ballot, count, length, epoch, vector);
    this.#sendAll(to, log);
    this.#sendAll(to, state);
  }

  accept(to: number, { view, start, log, known }: Decision): void {
    const vector = [start, log.length, ...membersToWords(view.members)];
    this.#send(to, Kind.viewAccept, view.epoch, log.length + known.length, 0, 0, vector);
    this.#sendAll(to, log);
    this.#sendAll(to, known);
  }

  /** Sends viewAccepted, viewInstall or viewRefuse, which tell no more than a ballot. */
  say(to: number, kind: number, ballot: number): void {
    this.#send(to, kind, ballot, 0, 0, 0, []);
  }

  #sendAll(to: number, messages: readonly Message[]): void {
    for (const message of messages) this.#out.send(to, message);
  }

  #send(
    to: number,
    kind: number,
    ballot: number,
    count: number,
    position: number,
    timestamp: number,
    vector: readonly number[],
  ): void {
    const message = new Message(kind, this.#self, count)
      .withTimestamp(timestamp)
      .withEpoch(ballot)
      .withPosition(position)
      .withVector(vector);
    this.#out.send(to, message);
  }
}

/** How far the proposer is, from its viewPrepare. */
export function readStanding(prepare: Message): Standing {
  const [agreed = 0] = prepare.vector;
  return { epoch: prepare.timestamp, agreed, length: prepare.position };
}

/** What `member` knows, from its viewPromise. */
export function readPledge(member: number, { header, entries }: Parcel): Pledge {
  const [agreed = 0, start = 0, logLength = 0] = header.vector;
  return {
    member,
    epoch: header.timestamp,
    agreed,
    length: header.position,
    start,
    log: entries.slice(0, logLength),
    state: entries.slice(logLength),
  };
}

/** The decision in a viewAccept. */
export function readDecision({ header, entries }: Parcel): Decision {
  const [start = 0, logLength = 0, ...words] = header.vector;
  return {
    view: { epoch: header.epoch, members: wordsToMembers(words) },
    start,
    log: entries.slice(0, logLength),
    known: entries.slice(logLength),
  };
}
