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
    ([s, n]) => `message ${n} delivered at node 7 (origin ${s})`,
    ([s, n]) => `delivered message ${n} from ('10.0.0.${s}', 5001)`,
    ([s, n]) => `delivered message ${n} from /10.0.0.${s}:5001`,
    ([s, n]) => `processed by node 7: message ${n} from ${s}`,
    ([s, n]) => `message ${n} of peer ${s} handled by peer 7`,
    ([s, n]) => `delivered P${s}'s message ${n}`,
    ([s, n]) => `delivery of m${n} from P${s}`,
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

  test.each<[string, Write]>([
    ['of and from', ([s, n], at) => `delivered message ${n} of P${s} from P${at % 3}`],
    ['in brackets', ([s, n], at) => `delivered message ${n} of P${s} (received from P${at % 3})`],
    ['from and by', ([s, n], at) => `delivered message ${n} from P${at % 3}, sent by P${s}`],
    [
      'from twice',
      ([s, n], at) => `delivered message ${n} from P${at % 3} (originally from P${s})`,
    ],
    ['of whom and from', ([s, n], at) => `delivered P${s}'s message ${n} from P${at % 3}`],
  ])('two senders in one sentence are refused: %s', (_, write) => {
    const text = lines(write, OTHER_ORDER);
    expect(() => compareTexts([text, text])).toThrow('so that either may be the sender');
  });

  test('a sender in what a message carries is none', () => {
    const text = lines(([s, n], at) => `delivered message ${n} of P${s}: note from P${at % 3}`);
    expect(rounds(compareTexts([text, text]))).toEqual([0, 12]);
  });

  test.each([
    ['a name that goes on behind a sign', 'delivered message 3 from a+'],
    ['an object', 'delivered message 3 from Socket[addr=x,port=5]'],
    ['a number with separators', 'delivered message 1,003 from P1'],
    ['a sequence number with separators', 'delivered seq 1.003 from P1'],
  ])('%s is not cut short', (_, line) => {
    expect(() => readMessages(`${'delivered message 3 from P1\n'.repeat(2)}${line}\n`)).toThrow(
      'line 3, column 1: found a delivery without a message and a sender',
    );
  });

  test('an address of IPv6 is one name', () => {
    expect(readMessages('delivered message 3 from [::1]:5001\n')).toEqual([['[::1]:5001', 3]]);
  });
});
