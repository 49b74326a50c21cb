import { describe, expect, test } from '@jest/globals';
import { membersToWords, ParcelInbox, wordsToMembers } from '../../core/membership-parcel.ts';
import { Kind, Message } from '../../core/message.ts';
import { TotalOrderLog } from '../../core/total-order-log.ts';
import { majorityOf } from '../../core/view.ts';

const data = (sender: number, sequence: number): Message =>
  new Message(Kind.data, sender, sequence);
const text = ({ sender, sequence }: Message): string => `${sender}.${sequence}`;

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
    expect(() => log.at(2)).toThrow('below its length');
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
    expect([inbox.begin(header), inbox.open, inbox.add(data(0, 0))]).toEqual([null, true, null]);
    expect(inbox.add(data(0, 1))).toEqual({ header, entries: [data(0, 0), data(0, 1)] });
    expect(inbox.open).toBe(false);
    expect(inbox.begin(new Message(Kind.viewPromise, 1, 0))?.entries).toEqual([]);
  });

  test('two majorities share a member', () => {
    for (let size = 1; size < 20; size += 1) expect(2 * majorityOf(size)).toBeGreaterThan(size);
    expect([1, 2, 3, 4, 5].map(majorityOf)).toEqual([1, 2, 2, 3, 3]);
  });
});
