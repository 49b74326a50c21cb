import { describe, expect, test } from '@jest/globals';
import {
  ALL,
  compareMessages,
  compareTexts,
  notes,
  tuples,
  turns,
  without,
} from './judged-logs.ts';

describe('the order of the files', () => {
  const names = Array.from({ length: 12 }, (_, peer) => `logs/logfile${peer}.log`);
  const log = turns([...names.keys()], 2);
  // Peer 10 lost its own last message.
  const logs = names.map((_, peer) => tuples(peer === 10 ? without(log, [10, 1]) : log));
  const sorted = [...names.keys()].sort((a, b) => (names[a]! < names[b]! ? -1 : 1));

  test('is that of the numbers in their names, whatever a shell makes of it', () => {
    const counted = compareTexts(logs, {}, names);
    const globbed = compareTexts(
      sorted.map((peer) => logs[peer]!),
      {},
      sorted.map((peer) => names[peer]!),
    );
    expect(sorted[2]).toBe(10);
    expect(counted.guarantees.validity.counterexample?.observations[0]?.peer).toBe(10);
    expect({ ...globbed, reading: null }).toEqual({ ...counted, reading: null });
    expect(notes(counted)).not.toContain('order of the numbers');
    expect(notes(globbed)).toContain(
      'in the order of the numbers in their names: logs/logfile0.log is the first and logs/logfile11.log',
    );
  });

  test('must be theirs where senders are told', () => {
    const told = { senders: names.map((_, peer) => String(peer)) };
    const globbed = [
      sorted.map((peer) => logs[peer]!),
      told,
      sorted.map((peer) => names[peer]!),
    ] as const;
    expect(() => compareTexts(...globbed)).toThrow(
      'logs/logfile2.log comes behind logs/logfile10.log; allowed are files in the order of their numbers',
    );
    expect(compareTexts(logs, told, names).guarantees.validity.held).toBe(false);
  });

  test('that was given stays where names do not count', () => {
    const { perPeer } = compareMessages([ALL, ALL, ALL], {}, ['c.log', 'a.log', 'b.log']);
    expect(perPeer.map(({ peerId }) => peerId)).toEqual(['c.log', 'a.log', 'b.log']);
  });
});
