import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { drawBalances, rangeOfBalances } from '../../charts/balances.ts';
import { linearScale } from '../../charts/linear-scale.ts';
import type { Comparison } from '../../control/comparison-document.ts';
import { drawBankPictures, simulateBank } from '../../scripts/drawings/bank-pictures.ts';
import { malformedXml } from '../support/malformed-xml.ts';

const UNORDERED = simulateBank('unordered', 3);
const ORDERED = simulateBank('sequencer', 3);

/** A comparison with other balances, or other peers. */
function changed(comparison: Comparison, change: (copy: Comparison) => void): Comparison {
  const copy = structuredClone(comparison);
  change(copy);
  return copy;
}

function linesOf(svg: string): string[] {
  return [...svg.matchAll(/<polyline points="([^"]*)"/g)].map(([, points]) => points!);
}

describe('the picture of the balances', () => {
  test('has two lines a replica that differs, each named, with its total', () => {
    const svg = drawBalances(UNORDERED);
    expect(malformedXml(svg)).toBeNull();
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    expect(svg).toContain('>4 replicas, the same 200 operations, 4 different balances</text>');
    expect(linesOf(svg)).toHaveLength(8);
    for (const { peerId } of UNORDERED.perPeer) expect(svg).toContain(`>${peerId}: `);
    expect(svg).toContain('Source: run simulated-3, ordering unordered, 4 peers x 50 messages');
  });

  test('has one flat line where all agree', () => {
    const svg = drawBalances(ORDERED);
    expect(svg).toContain('>4 replicas, the same 200 operations, one balance, to the cent</text>');
    expect(svg).toContain('>all 4: 0.00</text>');
    const [, flat] = linesOf(svg);
    expect(linesOf(svg)).toHaveLength(2);
    expect(new Set(flat!.split(' ').map((point) => point.split(',')[1])).size).toBe(1);
  });

  test('puts two pictures on one scale', () => {
    const rangeCents = rangeOfBalances(UNORDERED);
    expect(rangeCents[0]).toBeLessThanOrEqual(0);
    expect(rangeCents[1] - rangeCents[0]).toBeGreaterThan(100);
    const ticks = (svg: string): string[] =>
      [...svg.matchAll(/text-anchor="end"[^>]*>([^<]*)</g)].map(([, text]) => text!);
    expect(ticks(drawBalances(ORDERED, { rangeCents }))).toEqual(ticks(drawBalances(UNORDERED)));
  });

  test('does not say that the operations were the same where some were lost', () => {
    const lossy = changed(UNORDERED, ({ perPeer }) => void (perPeer[1]!.missing = 3));
    expect(drawBalances(lossy)).toContain('>4 replicas, 4 different balances</text>');
    expect(drawBalances(lossy).replaceAll(/<[^>]+>/g, ' ')).toContain('3 deliveries are missing');
  });

  test('leaves out who did not take part to the end', () => {
    const cut = changed(UNORDERED, ({ bank }) => void (bank!.perPeer[2]!.compared = false));
    expect(linesOf(drawBalances(cut))).toHaveLength(6);
    expect(drawBalances(cut)).not.toContain('>peer-2: ');
  });

  test('draws eight histories at most, the reference and those farthest from it, and says so', () => {
    const many = changed(UNORDERED, ({ bank, perPeer }) => {
      const [replica] = bank!.perPeer;
      const [series] = bank!.series;
      const template = perPeer[0]!;
      const peers = Array.from({ length: 20 }, (_, peer) => peer);
      perPeer.splice(
        0,
        4,
        ...peers.map((peer) => ({ ...template, peer, peerId: `a-peer-with-a-long-name-${peer}` })),
      );
      bank!.perPeer = peers.map((peer) => ({ ...replica!, peer }));
      bank!.series = peers.map((peer) => ({
        ...series!,
        peer,
        byOrderCents: series!.byOrderCents.map((_, step) => (step * peer) | 0),
      }));
    });
    const svg = drawBalances(many);
    expect(linesOf(svg)).toHaveLength(16);
    expect(svg.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')).toContain(
      'Of 20 different histories, one and the 7 that end farthest from it are drawn',
    );
    expect(svg).toContain('ong-name-0: 0.00</text>');
    expect(svg).toContain('ng-name-19: +');
    expect(svg).not.toContain('ng-name-5: ');
  });

  test('of the documentation is the one that the simulator gives today', () => {
    for (const [name, svg] of drawBankPictures()) {
      const committed = readFileSync(join(import.meta.dirname, '..', '..', 'docs', name), 'utf8');
      const state =
        committed === svg ? 'as committed' : 'changed: node scripts/drawings/draw-bank.ts';
      expect([name, state]).toEqual([name, 'as committed']);
    }
  });
});

describe('a scale', () => {
  test.each([
    [[0, 200], 8, 1, [0, 50, 100, 150, 200]],
    [[-537, 2_253], 7, 1, [-500, 0, 500, 1_000, 1_500, 2_000]],
    [[0, 3], 8, 1, [0, 1, 2, 3]],
    [[0, 0], 8, 1, [0]],
  ] as const)('from %j with %d ticks at most has %j', (range, ticksMax, stepMin, ticks) => {
    const scale = linearScale(range, [0, 100], ticksMax, stepMin);
    expect(scale.ticks).toEqual(ticks);
  });

  test('puts its ends where it was told', () => {
    const scale = linearScale([10, 20], [100, 0], 5);
    expect([10, 15, 20].map((value) => scale.place(value))).toEqual([100, 50, 0]);
  });
});
