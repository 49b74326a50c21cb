import { describe, expect, test } from '@jest/globals';
import { ALL, compareTexts, lines, OTHER_ORDER, rounds } from './judged-logs.ts';
import { readMessages, type Message } from './written-logs.ts';

type Write = (message: Message, place: number) => string;

const SWAPPED = [ALL, ALL, OTHER_ORDER];

describe('sentences name sender and number in many words', () => {
  test.each<Write>([
    ([s, n]) => `delivered message ${n} from member ${s}`,
    ([s, n]) => `delivered message ${n} from the group member ${s}`,
    ([s, n]) => `delivered message ${n} from peer number ${s}`,
    ([s, n]) => `delivered message ${n} from node with id ${s}`,
    ([s, n]) => `delivered message ${n} from peer#${s}`,
    ([s, n]) => `delivered message ${n} from Peer[${s}]`,
    ([s, n]) => `delivered message ${n} from "${s}"`,
    ([s, n]) => `peer 7 delivered message ${n} of peer ${s}`,
    ([s, n]) => `delivered message no. ${n} from rank ${s}`,
    ([s, n]) => `delivered message with id ${n} from ${s}`,
    ([s, n]) => `delivered msg-${n} from ${s}`,
    ([s, n]) => `delivered update ${n} from worker ${s}`,
    ([s, n]) => `delivered m${n} from p${s}`,
    ([s, n]) => `delivered broadcast #${n} sent by client ${s}`,
  ])('%s', (write) => {
    expect(rounds(compareTexts(SWAPPED.map((log) => lines(write, log))))).toEqual([2, 12]);
  });

  test.each<[string, Write]>([
    ['a size', ([s, n]) => `delivered message 64 bytes, seq ${n} from ${s}`],
    ['what it carries', ([s, n]) => `delivered "message 7" seq ${n} from ${s}`],
    ['what it carries behind a colon', ([s, n]) => `delivered message ${n} from ${s}: seq 9`],
    ['a count of deliveries', ([s, n], at) => `delivered message ${at} (seq ${n}) from ${s}`],
    ['a count behind it', ([s, n]) => `delivered message ${n} of 12 from ${s}`],
  ])('%s is not its number', (_, write) => {
    expect(rounds(compareTexts(SWAPPED.map((log) => lines(write, log))))).toEqual([2, 12]);
  });

  test('where the sequence number is a place, a flag takes the other number', () => {
    const texts = SWAPPED.map((log) => {
      return lines(([s, n], at) => `delivered message ${n} from ${s}, sequence number ${at}`, log);
    });
    expect(() => compareTexts(texts)).toThrow('--fields sender,message takes field "message"');
    expect(rounds(compareTexts(texts, { fields: ['sender', 'message'] }))).toEqual([2, 12]);
  });

  test('an address of IPv6 is one name', () => {
    expect(readMessages('delivered message 3 from [::1]:5001\n')).toEqual([['[::1]:5001', 3]]);
  });
});
