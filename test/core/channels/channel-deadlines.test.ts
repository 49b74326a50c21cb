import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ChannelDeadlines } from '../../../core/channels/channel-deadlines.ts';

const TOOK_MS_MAX = 60_000;

describe('the deadlines of channels', () => {
  test('are those that a list that is looked through would have', () => {
    const change = fc.tuple(fc.boolean(), fc.nat(6), fc.oneof(fc.nat(9), fc.constant(Infinity)));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), fc.nat(9), (changes, now) => {
        const channels = new ChannelDeadlines(7);
        const list = Array.from({ length: 7 }, () => Infinity);
        for (const [isLowered, member, deadline] of changes) {
          if (isLowered) channels.lower(member, deadline);
          else channels.set(member, deadline);
          list[member] = isLowered ? Math.min(list[member]!, deadline) : deadline;
          expect(channels.earliest).toBe(Math.min(...list));
          expect(list[channels.first]).toBe(channels.earliest);
        }
        const due = [0, 1, 2, 3, 4, 5, 6].filter((member) => list[member]! <= now);
        expect(channels.due(now)).toEqual(due);
      }),
    );
  });

  test(
    'cost a message no more in a large group: blocks of code that run, counted',
    () => {
      const file = join(import.meta.dirname, '../../support/count-channel-work.ts');
      // What is optimised is inlined, and then not counted.
      const flags = ['--no-opt', '--no-maglev', '--disable-warning=ExperimentalWarning'];
      const words = [...flags, file, '16', '2000'];
      const out = execFileSync(process.execPath, words, { encoding: 'utf8', timeout: TOOK_MS_MAX });
      const [few = 0, many = 0] = JSON.parse(out) as number[];
      expect(few).toBeGreaterThan(0);
      // The heap is 11 deep rather than 4.
      expect(many).toBeLessThan(3 * few);
    },
    TOOK_MS_MAX,
  );
});
