import type { Decision, LogBeginning, Pledge, Standing } from './membership-acceptor.ts';
import { membersToWords } from './membership-parcel.ts';
import { Kind, Message } from '../message.ts';
import type { Out } from '../ordering.ts';

/**
 * The messages by which views are agreed on (docs/wire-format.md): `sender` is who sends it, `epoch`
 * the ballot, `sequence` how many messages follow in the parcel; `position` and `timestamp` say how
 * far its sender is, and `vector` also that, and where the logs in the parcel begin and how long they are.
 */
export class MembershipWire {
  readonly #self: number;
  readonly #out: Out;

  constructor(self: number, out: Out) {
    this.#self = self;
    this.#out = out;
  }

  /** Asks all of `members` but this one for a promise. */
  prepare(members: Iterable<number>, ballot: number, standing: Standing): void {
    const { epoch, agreed, length, digest } = standing;
    const vector = [agreed, digest.first, digest.second];
    for (const member of members) {
      if (member === this.#self) continue;
      this.#send(member, Kind.viewPrepare, ballot, 0, length, epoch, vector);
    }
  }

  promise(to: number, ballot: number, pledge: Pledge): void {
    const { agreed, epoch, length, digest, start, log, state, knowsAsStored } = pledge;
    const count = log.length + state.length;
    const vector = [agreed, digest.first, digest.second, start, log.length, Number(knowsAsStored)];
    this.#send(to, Kind.viewPromise, ballot, count, length, epoch, vector);
    this.#sendAll(to, log);
    this.#sendAll(to, state);
  }

  accept(to: number, { view, start, log, known }: Decision): void {
    const vector = [start, log.length, ...membersToWords(view.members)];
    const told = known ?? [];
    const isKept = Number(known === null);
    this.#send(to, Kind.viewAccept, view.epoch, log.length + told.length, isKept, 0, vector);
    this.#sendAll(to, log);
    this.#sendAll(to, told);
  }

  /** Refuses, and tells how the group's log begins, and what comes next in it. */
  refuse(to: number, ballot: number, { length, digest, log }: LogBeginning): void {
    const vector = [digest.first, digest.second];
    this.#send(to, Kind.viewRefuse, ballot, log.length, length, 0, vector);
    this.#sendAll(to, log);
  }

  /** Says to all of `members` but this one what tells no more than a ballot. */
  sayToAll(members: readonly number[], kind: number, ballot: number): void {
    for (const member of members) if (member !== this.#self) this.say(member, kind, ballot);
  }

  /** Sends viewAccepted, viewInstall or viewUnderWay, which tell no more than a ballot. */
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
