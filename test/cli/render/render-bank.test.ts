import { describe, expect, test } from '@jest/globals';
import { renderBank } from '../../../cli/render/render-bank.ts';
import { renderComparison } from '../../../cli/render/render-comparison.ts';
import { WIDTH_MAX } from '../../../cli/render/table.ts';
import { PLAIN } from '../../../cli/shell/terminal.ts';
import type { Comparison } from '../../../control/comparison-document.ts';
import { simulateBank } from '../../../scripts/drawings/bank-pictures.ts';
import { sampleComparison } from './sample-comparison.ts';

function changed(comparison: Comparison, change: (copy: Comparison) => void): Comparison {
  const copy = structuredClone(comparison);
  change(copy);
  return copy;
}

const UNORDERED = simulateBank('unordered', 1);

function textOf(comparison: Comparison): string {
  return renderBank(comparison, PLAIN).join('\n');
}

describe('a bank on the terminal', () => {
  test('tells two balances of one account that differ, and why', () => {
    const text = textOf(UNORDERED);
    expect(text).toMatch(
      /^Bank: 4 replicas, 4 different balances: account \d is [\d,]+\.\d\d at peer-\d and [\d,]+\.\d\d at peer-\d\n/,
    );
    const flat = text.replaceAll(/\s+/g, ' ');
    expect(flat).toMatch(
      /Such as: peer-0 applied .* then .* peer-\d applied them the other way round/,
    );
    expect(flat).toMatch(/Only a deposit that is there earns interest: \d+\.\d\d\./);
    expect(flat).not.toContain('Loss:');
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(WIDTH_MAX);
    expect(renderComparison(UNORDERED)).toContain(text);
  });

  test('is short where all agree', () => {
    const text = textOf(simulateBank('sequencer', 1));
    expect(text).toMatch(/^Bank: 4 replicas, the same balances on every one, to the cent\n/);
    expect(text.split('\n')).toHaveLength(6);
    expect(text).not.toContain('by order');
  });

  test('tells loss apart from disorder', () => {
    const lossy = changed(UNORDERED, ({ perPeer }) => void (perPeer[3]!.missing = 2));
    expect(textOf(lossy).replaceAll(/\s+/g, ' ')).toContain(
      'Loss: operations that never arrived differ as well (peer-3 2)',
    );
    const lossOnly = changed(lossy, ({ bank }) => {
      bank!.firstSwap = null;
      for (const replica of bank!.perPeer) replica.changedByOrder = false;
    });
    const text = textOf(lossOnly).replaceAll(/\s+/g, ' ');
    expect(text).toContain('Order: it changed nothing.');
    expect(text).not.toContain('by order');
    expect(text).not.toContain('Such as');
  });

  test('marks what a report does not bear out, and who is not compared', () => {
    const text = textOf(
      changed(UNORDERED, ({ bank }) => {
        bank!.perPeer[1]!.verified = false;
        bank!.perPeer[2]!.compared = false;
      }),
    );
    expect(text).toMatch(/peer-1 .*, NOT as reported$/m);
    expect(text).toMatch(/peer-2 .*, not compared$/m);
    expect(text).toContain('Bank: 3 replicas');
  });

  test('shows eight replicas of many, and fits the screen with long names', () => {
    const text = textOf(
      changed(UNORDERED, ({ bank, perPeer }) => {
        const [replica, peer] = [bank!.perPeer[1]!, perPeer[1]!];
        for (let index = 4; index < 12; index += 1) {
          bank!.perPeer.push({ ...replica, peer: index });
          perPeer.push({ ...peer, peer: index, peerId: `peer-with-a-very-long-name-${index}` });
        }
      }),
    );
    expect(text).toContain('and 4 more, which --json shows');
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(WIDTH_MAX);
  });

  test('is not there without one', () => {
    expect(textOf(sampleComparison())).toBe('');
    expect(renderComparison(sampleComparison())).not.toContain('Bank');
  });
});
