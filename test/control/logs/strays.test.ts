import { describe, expect, test } from '@jest/globals';
import {
  ALL,
  compareMessages,
  compareTexts,
  lines,
  LOST,
  testExamples,
  turns,
  verdicts,
  without,
} from './judged-logs.ts';
import type { Message } from './written-logs.ts';

const PORTS = turns([5000, 5001, 5002], 1);

describe('one message that no other log knows decides nothing', () => {
  testExamples([
    {
      what: 'an invention whose sender and number add up to the count of messages',
      logs: [turns([0, 1, 2], 3), [...turns([0, 1, 2], 3), [7, 3]], turns([0, 1, 2], 3)],
      broken: ['integrity', ...LOST],
      rounds: [0, 9],
      notes: /Only one log shows anything of sender 7/,
    },
    {
      what: 'an invention beside the first message of each',
      logs: [PORTS, [[5007, 27], ...PORTS], PORTS],
      names: ['5000.log', '5001.log', '5002.log'],
      broken: ['integrity', ...LOST, 'gapFree'],
      rounds: [3, 3],
    },
    {
      what: 'an invention in the log of its supposed sender, behind a gap',
      logs: [ALL, ALL, [...ALL.slice(0, 6), [2, 6], ...ALL.slice(6)]],
      broken: ['integrity', ...LOST, 'gapFree'],
      rounds: [6, 12],
      text: 'peer 2 delivered (2, 6) at position 6, which nobody multicast',
    },
  ]);
});

describe('logs that end early do not make inventions of what one whole log has', () => {
  const whole = turns([0, 1], 6);
  testExamples([
    {
      what: 'both senders were cut',
      logs: [whole.slice(0, 3), whole.slice(0, 6), whole],
      broken: ['validity', ...LOST],
      rounds: [9, 12],
    },
    {
      what: 'the only sender was cut',
      logs: [turns([1], 1), turns([1], 3)],
      names: ['peer1.log', 'peer2.log'],
      broken: ['validity', ...LOST],
      open: ['causal', 'total', 'uniformTotal'],
      rounds: [2, 3],
    },
  ]);

  test('but a message beyond those of all senders is one', () => {
    const log: Message[] = [...whole, [0, 6]];
    const { broken } = verdicts(compareMessages([whole, log, whole]));
    expect(broken).toEqual(['integrity', ...LOST]);
    expect(verdicts(compareMessages([whole, without(log, [0, 5]), whole])).broken).toContain(
      'integrity',
    );
  });
});

describe('logs that tell of multicasts, and are cut off', () => {
  const names = ['1.output', '2.output', '3.output'];
  const judge = (...logs: readonly string[]) =>
    compareTexts(
      logs.map((log) => `${log.replaceAll(', ', '\n')}\n`),
      {},
      names,
    );

  test('what several others have behind the end was not invented', () => {
    const cut = judge('b 1, d 1 1', 'b 1, d 1 1, d 2 1, d 1 2', 'd 1 1, d 2 1, d 1 2');
    expect(cut.guarantees.integrity).toEqual({
      held: null,
      reason: expect.stringMatching(/^the log of peer 1 seems to be cut off.*--crashed/),
    });
    expect(verdicts(cut).broken).toEqual(['validity', ...LOST]);
  });

  test('but what one other has was, and what it delivered itself', () => {
    const { integrity } = judge('b 1, d 1 1', 'd 1 1, d 1 2', 'd 1 1').guarantees;
    expect(integrity.counterexample?.text).toContain(
      '(1, 2) at position 1, which nobody multicast',
    );
    const { guarantees } = judge('b 1, d 1 1, d 1 2', 'd 1 1, d 1 2', 'd 1 1, d 1 2');
    expect(guarantees.integrity.held).toBe(false);
  });

  test('logs that name who multicast are theirs, whatever else is shown', () => {
    const logs = [
      'multicast 5000 0\ndeliver 5000 0\ndeliver 5001 0\ndeliver 5004 0\n',
      'multicast 5001 0\ndeliver 5001 0\n',
    ];
    const { perPeer } = compareTexts(logs, {}, ['a.log', 'b.log']);
    expect(perPeer.map(({ called }) => called)).toEqual(['5000', '5001']);
  });

  test('a multicast in the only log that holds anything was delivered by nobody', () => {
    const { guarantees, perPeer } = compareTexts([
      '',
      lines(([, n]) => `multicast 1 ${n}`, turns([1], 2)),
      '',
    ]);
    expect(perPeer.map(({ delivered }) => delivered)).toEqual([0, 0, 0]);
    expect(guarantees.validity.held).toBe(false);
  });
});
