import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isSameDigest } from '../../../core/base/digest.ts';
import { Absences } from '../../../core/views/membership-absence.ts';
import {
  membersToWords,
  ParcelInbox,
  wordsToMembers,
} from '../../../core/views/membership-parcel.ts';
import { MembershipBallots } from '../../../core/views/membership-ballots.ts';
import { Proposal } from '../../../core/views/membership-proposal.ts';
import { MembershipWire } from '../../../core/views/membership-wire.ts';
import { MembershipReader } from '../../../core/views/membership-reader.ts';
import { MessageQueue } from '../../../core/message-queue.ts';
import { Kind, Message } from '../../../core/message.ts';
import { TotalOrderLog } from '../../../core/views/total-order-log.ts';
import { majorityOf } from '../../../core/views/view.ts';

const data = (sender: number, sequence: number): Message =>
  new Message(Kind.data, sender, sequence);
const text = ({ sender, sequence }: Message): string => `${sender}.${sequence}`;
/** What member 0 of a group of 3 with this log reads. */
const readerOf = (log: TotalOrderLog): MembershipReader =>
  new MembershipReader({ self: 0, size: 3, random: () => 0 }, log);

describe('the parts of membership', () => {
  test('a log takes each message of a sender once, in order and without gaps', () => {
    const log = new TotalOrderLog(2);
    log.append(data(1, 0));
    log.append(data(0, 0));
    expect([log.length, log.countOf(1), log.includes(1, 0), log.includes(1, 1)]).toEqual([
      2,
      1,
      true,
      false,
    ]);
    expect(log.from(1).map(text)).toEqual(['0.0']);
    expect(() => log.append(data(1, 0))).toThrow('once');
    expect(() => log.append(data(1, 2))).toThrow('without gaps');
    expect([log.senderAt(0), log.sequenceAt(0), log.senderAt(1)]).toEqual([1, 0, 0]);
    expect(() => log.senderAt(2)).toThrow('below its length');
    expect(() => log.sequenceAt(2)).toThrow('below its length');
  });

  test('a log keeps what was multicast, over many entries, and not where it stood', () => {
    const log = new TotalOrderLog(1);
    for (let sequence = 0; sequence < 200; sequence += 1) {
      const payload = sequence % 3 === 0 ? Uint8Array.of(sequence) : undefined;
      log.append(new Message(Kind.data, 0, sequence, payload, 7, 8, 9, 10));
    }
    const entries = log.from(0);
    expect(entries.map(({ sequence }) => sequence)).toEqual([...Array(200).keys()]);
    expect(entries[66]).toEqual(new Message(Kind.data, 0, 66, Uint8Array.of(66)));
    expect(entries[67]).toEqual(data(0, 67));
  });

  test('the digest of the beginning of a log tells whether another log begins so', () => {
    const [one, other, astray] = [new TotalOrderLog(2), new TotalOrderLog(2), new TotalOrderLog(2)];
    for (const message of [data(0, 0), data(1, 0), data(1, 1)]) one.append(message);
    for (const message of [data(0, 0), data(1, 0)]) other.append(message);
    for (const message of [data(1, 0), data(0, 0)]) astray.append(message);
    expect(isSameDigest(one.digestOf(2), other.digestOf(2))).toBe(true);
    expect(isSameDigest(one.digestOf(3), other.digestOf(2))).toBe(false);
    expect(isSameDigest(one.digestOf(2), astray.digestOf(2))).toBe(false);
    expect(() => other.digestOf(3)).toThrow('below its length');
  });

  test('a member that was left out rests longer each time, and pays back what it cost', () => {
    const absences = new Absences(2);
    expect([absences.restsUntil(1), absences.isSlow(1)]).toEqual([0, false]);
    const rests = [0, 1, 2].map((time) => {
      absences.leaveOut(1_000_000 * time, 1, 50_000);
      return absences.restsUntil(1) - 1_000_000 * time;
    });
    expect([rests, absences.isSlow(1)]).toEqual([[200_000, 400_000, 800_000], false]);
    // Of a change that stopped the others for 7 s, 2 are ordinary, and the rest counts four times.
    absences.leaveOut(10_000_000, 1, 7_000_000);
    expect([absences.restsUntil(1), absences.isSlow(1)]).toEqual([30_000_000, true]);
    // The first rest is short: seed 9001422 of sequencer-fast ended before a member that went astray was told.
    absences.leaveOut(0, 0, 20_000_000);
    expect([absences.restsUntil(0), absences.isSlow(0)]).toEqual([200_000, false]);
    absences.takeBack(10_000_000, 1);
    expect([absences.restsUntil(1), absences.isSlow(1)]).toEqual([0, true]);
    for (let time = 0; time < 100; time += 1) absences.leaveOut(0, 1, 0);
    expect(absences.restsUntil(1)).toBe(30_000_000);
  });

  test('a member that has stayed in the view for long rests for a shorter time', () => {
    const restAfter = (stayedUs: number): number => {
      const absences = new Absences(1);
      for (let time = 0; time < 5; time += 1) absences.leaveOut(0, 0, 0);
      absences.takeBack(1_000_000, 0);
      // It is in the next views as well, and has been in them since the first.
      absences.takeBack(2_000_000, 0);
      absences.leaveOut(1_000_000 + stayedUs, 0, 0);
      return absences.restsUntil(0) - 1_000_000 - stayedUs;
    };
    const stays = [29_999_999, 30_000_000, 60_000_000, 3_600_000_000];
    expect(stays.map(restAfter)).toEqual([6_400_000, 3_200_000, 1_600_000, 200_000]);
  });

  test('an attempt asks who refused it once more, and nobody when it is decided', () => {
    const proposal = new Proposal(5, [0, 1, 2]);
    expect([proposal.refuse(1), proposal.refuse(1), proposal.refuse(3)]).toEqual([
      true,
      false,
      false,
    ]);
    expect([proposal.hasRefusers, proposal.takeRefusers(), proposal.hasRefusers]).toEqual([
      true,
      [1],
      false,
    ]);
    expect([proposal.refuse(1), proposal.refuse(2)]).toEqual([false, true]);
    proposal.decide([0, 1]);
    expect(proposal.hasRefusers).toBe(false);
  });

  test('an attempt knows whom it asked and who has answered, before and after it is decided', () => {
    const proposal = new Proposal(5, [0, 1, 2, 3]);
    const digest = new TotalOrderLog(3).digestOf(0);
    const standing = { epoch: 4, agreed: 0, length: 0, digest, start: 0, log: [], state: [] };
    for (const member of [1, 0]) proposal.promise({ member, ...standing, knowsAsStored: true });
    proposal.giveUp(3);
    expect([proposal.asked, proposal.answered]).toEqual([
      [1, 0, 2],
      [1, 0],
    ]);
    expect([proposal.knowsAll(0), proposal.knowsAll(1)]).toEqual([true, true]);
    // One that is behind is told all; it is one who knows more for whose sake all others are.
    proposal.promise({ member: 2, ...standing, epoch: 3, knowsAsStored: false });
    expect([0, 2].map((member) => proposal.knowsAll(member))).toEqual([true, false]);
    proposal.promise({ member: 2, ...standing, knowsAsStored: false });
    expect([0, 2].map((member) => proposal.knowsAll(member))).toEqual([false, false]);
    proposal.decide([0, 1]);
    proposal.store(1);
    expect([proposal.asked, proposal.answered]).toEqual([[0, 1], [1]]);
  });

  test('no ballot is taken in that leaves no room for a greater one', () => {
    const ballots = new MembershipBallots(2, 3);
    expect([ballots.next(0), ballots.see(7), ballots.next(0), ballots.next(12)]).toEqual([
      5,
      true,
      11,
      17,
    ]);
    expect([ballots.see(0xffff_ffff), ballots.see(0x8000_0001), ballots.next(0)]).toEqual([
      false,
      false,
      11,
    ]);
    expect(ballots.ownerOf(11)).toBe(2);
  });

  test('a refusal is read as it was written, whether or not anything of the log follows', () => {
    const log = new TotalOrderLog(2);
    for (const message of [data(1, 0), data(0, 0), data(1, 1)]) log.append(message);
    for (const start of [3, 1]) {
      const sent: Message[] = [];
      const wire = new MembershipWire(1, {
        multicast: () => undefined,
        deliver: () => undefined,
        send: (_to, message) => void sent.push(message),
      });
      const written = { length: start, digest: log.digestOf(start), log: log.from(start) };
      wire.refuse(0, 7, written);
      const inbox = new ParcelInbox();
      const [first, ...rest] = sent;
      const parcel = rest.reduce((_, message) => inbox.take(message), inbox.take(first!));
      expect(readerOf(log).refusal(parcel!)).toEqual(written);
      expect(parcel!.header).toMatchObject({ kind: Kind.viewRefuse, sender: 1, epoch: 7 });
    }
  });

  test('a promise and a decision are read as they were written, whether or not what is known follows', () => {
    const log = new TotalOrderLog(3);
    log.append(data(1, 0));
    const header = (write: (wire: MembershipWire) => void): Message => {
      const sent: Message[] = [];
      const out = { multicast: () => undefined, deliver: () => undefined };
      write(new MembershipWire(1, { ...out, send: (_to, message) => void sent.push(message) }));
      expect(sent.length).toBe(1);
      return sent[0]!;
    };
    const standing = { epoch: 4, agreed: 0, length: 1, digest: log.digestOf(1) };
    const view = { epoch: 7, members: [0, 1] };
    for (const isKept of [true, false]) {
      const state = { start: 1, log: [], state: [], knowsAsStored: isKept };
      const pledge = { member: 1, ...standing, ...state };
      const promise = header((wire) => wire.promise(0, 7, pledge));
      expect(readerOf(log).pledge(1, { header: promise, entries: [] })).toEqual(pledge);
      const decision = { view, start: 1, log: [], known: isKept ? null : [] };
      const accept = header((wire) => wire.accept(0, decision));
      expect(readerOf(log).decision({ header: accept, entries: [] })).toEqual(decision);
    }
  });

  test('a queue gives messages in the order in which they came, however many wait', () => {
    const operations = fc.array(fc.boolean(), { maxLength: 300 });
    fc.assert(
      fc.property(operations, (pushes) => {
        const queue = new MessageQueue();
        const model: Message[] = [];
        for (const [sequence, isPush] of pushes.entries()) {
          if (isPush) {
            queue.push(data(0, sequence));
            model.push(data(0, sequence));
          } else if (model.length > 0) expect(queue.shift()).toEqual(model.shift());
          expect(queue.length).toBe(model.length);
        }
        expect(queue.toArray()).toEqual(model);
        queue.clear();
        expect([queue.length, queue.toArray()]).toEqual([0, []]);
        expect(() => queue.shift()).toThrow('there is a message to take');
      }),
    );
  });

  test('sets of members survive the wire', () => {
    for (const members of [[], [0], [31, 32], [1, 5, 64, 999]]) {
      expect(wordsToMembers(membersToWords(members))).toEqual(members);
    }
    expect(membersToWords(Array.from({ length: 1_000 }, (_, member) => member)).length).toBe(32);
  });

  test('a parcel is whole when all that its header promises has come', () => {
    const inbox = new ParcelInbox();
    const header = new Message(Kind.viewPromise, 1, 2);
    expect(inbox.concerns(data(0, 0))).toBe(false);
    expect([inbox.take(header), inbox.concerns(data(0, 0))]).toEqual([null, true]);
    expect(inbox.take(data(0, 0))).toBe(null);
    expect(inbox.take(data(0, 1))).toEqual({ header, entries: [data(0, 0), data(0, 1)] });
    expect(inbox.concerns(data(0, 0))).toBe(false);
    expect(inbox.take(new Message(Kind.viewPromise, 1, 0))?.entries).toEqual([]);
  });

  test('a parcel that cannot be is dropped, and one that stays open ends with the next of the agreement', () => {
    const inbox = new ParcelInbox();
    for (const kind of [Kind.viewPromise, Kind.viewAccept, Kind.viewRefuse, Kind.viewPrepare]) {
      expect(inbox.take(new Message(kind, 1, 0xffff_ffff))).toBe(null);
      expect(inbox.concerns(data(1, 0))).toBe(false);
    }
    expect(inbox.take(new Message(Kind.viewRefuse, 1, 129))).toBe(null);
    expect(inbox.concerns(data(1, 0))).toBe(false);
    inbox.take(new Message(Kind.viewRefuse, 1, 128));
    inbox.take(data(1, 0));
    const prepare = new Message(Kind.viewPrepare, 1, 0);
    expect(inbox.take(prepare)).toEqual({ header: prepare, entries: [] });
    expect(inbox.concerns(data(1, 0))).toBe(false);
  });

  test('nothing is read of names that nobody has, nor of logs that cannot continue this one', () => {
    const log = new TotalOrderLog(3);
    for (const message of [data(1, 0), data(0, 0)]) log.append(message);
    const reader = readerOf(log);
    const promise = (vector: readonly number[], length: number, entries: readonly Message[]) => {
      const header = new Message(Kind.viewPromise, 1, entries.length, undefined, 0, 4, 7, length);
      return reader.pledge(1, { header: header.withVector(vector), entries });
    };
    expect(promise([0, 8, 9, 2, 1], 3, [data(2, 0), data(1, 1)])).toMatchObject({ start: 2 });
    expect(promise([0, 8, 9, 2, 1], 3, [data(3, 0), data(1, 1)])).toBe(null);
    expect(promise([0, 8, 9, 2, 1], 3, [data(2, 0), data(3, 1)])).toBe(null);
    expect(promise([0, 8, 9, 3, 1], 4, [data(2, 0)])).toBe(null);
    expect(promise([0, 8, 9, 2, 1], 4, [data(2, 0)])).toBe(null);
    expect(promise([0, 8, 9, 2, 2], 4, [data(2, 0)])).toBe(null);
    expect(promise([9, 8, 9, 2, 0], 2, [])).toBe(null);
    const accept = (start: number, members: readonly number[]) => {
      const vector = [start, 0, ...membersToWords(members)];
      const header = new Message(Kind.viewAccept, 1, 0).withEpoch(7).withVector(vector);
      return reader.decision({ header, entries: [] });
    };
    expect(accept(2, [0, 1])?.view).toEqual({ epoch: 7, members: [0, 1] });
    expect([accept(2, [0, 3]), accept(2, [1, 2]), accept(2, [0]), accept(3, [0, 1])]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    const refuse = (length: number, entries: readonly Message[]) => {
      const header = new Message(Kind.viewRefuse, 1, entries.length).withPosition(length);
      return reader.refusal({ header, entries });
    };
    expect(refuse(2, [data(2, 0)])).toMatchObject({ length: 2 });
    expect([refuse(3, []), refuse(2, [data(3, 0)])]).toEqual([null, null]);
  });

  test('two majorities share a member', () => {
    for (let size = 1; size < 20; size += 1) expect(2 * majorityOf(size)).toBeGreaterThan(size);
    expect([1, 2, 3, 4, 5].map(majorityOf)).toEqual([1, 2, 2, 3, 3]);
  });
});
