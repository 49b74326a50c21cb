import { describe, expect, test } from '@jest/globals';
import { ORDERINGS } from '../../../core/orderings/registry.ts';
import { formatChoice } from '../../../simulation/choices/choice.ts';
import { drawnBeyond } from '../../../simulation/exhaustive/beyond-scopes.ts';
import { drawBroken } from '../../../simulation/exhaustive/draw-broken.ts';
import type { Scope } from '../../../simulation/exhaustive/scope.ts';
import { findingsOf } from '../../../simulation/exhaustive/shorten-schedule.ts';
import {
  isWholeScope,
  searchWholeScope,
} from '../../../simulation/exhaustive/search-whole-scope.ts';
import { shortestBroken } from '../../../simulation/exhaustive/explain-schedule.ts';
import { loadBroken, scopeOfSize } from './load-broken.ts';

const COUNT = 2_000;

describe('schedules drawn from a scope', () => {
  test('show a fault that needs a crash, behind more schedules without one than anybody goes through', async () => {
    const entry = await loadBroken('isis-undecided-early');
    const scope = scopeOfSize(entry, 3, 1, { crashes: 1, timers: 1 });
    let left = 200;
    const searched = searchWholeScope(entry, scope, () => (left -= 1) > 0);
    expect(searched).toMatchObject({ level: 0, broken: null });
    const { broken, drawn } = drawBroken(entry, scope, 1, COUNT);
    expect(drawn).toBeLessThan(COUNT);
    expect(broken!.filter(({ act }) => act === 'crash')).toHaveLength(1);
    expect(findingsOf(entry, scope, broken!)[0]?.name).toBe('gapFree');
    // The same seed draws the same.
    expect(drawBroken(entry, scope, 1, COUNT)).toEqual({ drawn, broken });
  });

  const ofThree: readonly (readonly [string, string, Partial<Scope>])[] = [
    ['skeen-clock-not-raised', 'total', {}],
    ['acknowledgements-counted', 'total', { timers: 1 }],
    ['relays-to-the-next', 'agreement', { crashes: 1 }],
  ];
  test.each(ofThree)('show that %s breaks %s, with three members', async (name, broke, more) => {
    const entry = await loadBroken(name);
    const scope = scopeOfSize(entry, 3, 1, more);
    const { broken } = drawBroken(entry, scope, 1, COUNT);
    expect(findingsOf(entry, scope, broken!)[0]?.name).toBe(broke);
  });

  /** What needs more timers or a late step than a search takes by default, with the fewest choices that show it. */
  const beyond: readonly (readonly [string, string, number])[] = [
    ['takes-over-after-four-beats', 'total', 8],
    ['forgets-after-five-seconds', 'integrity', 4],
    ['does-not-wait-when-late', 'total', 7],
  ];
  test.each(beyond)('show that %s breaks %s, beyond a scope', async (name, broke, length) => {
    const entry = await loadBroken(name);
    const scope = scopeOfSize(entry, 2, 1, { timers: 1 });
    expect(isWholeScope(searchWholeScope(entry, scope))).toBe(true);
    expect(drawBroken(entry, scope, 1, 200).broken).toBeNull();
    const { broken } = drawBroken(entry, drawnBeyond(scope), 1, COUNT);
    const limits = { mayGoOn: () => true, mayGoOnAtFirst: () => true };
    const shortest = shortestBroken(entry, scope, broken!, [], limits);
    expect(shortest.findings[0]?.name).toBe(broke);
    expect(shortest.choices).toHaveLength(length);
    const { timers, lates = 0 } = shortest.scope;
    expect(timers + lates).toBeGreaterThan(scope.timers);
  });

  /** What is known only once timers go off further than the scope allows, with the fewest choices that show it. */
  const onward: readonly (readonly [string, string, number, number])[] = [
    ['delivers-after-a-delay', 'total', 1, 7],
    ['token-counts-one-less', 'liveness', 2, 4],
  ];
  test.each(onward)('show that %s breaks %s', async (name, broke, messages, length) => {
    const entry = await loadBroken(name);
    const scope = scopeOfSize(entry, 2, messages, { timers: 1 });
    expect(isWholeScope(searchWholeScope(entry, scope))).toBe(true);
    const { broken } = drawBroken(entry, scope, 1, COUNT);
    const limits = { mayGoOn: () => true, mayGoOnAtFirst: () => true };
    const shortest = shortestBroken(entry, scope, broken!, [], limits);
    expect(shortest.findings[0]?.name).toBe(broke);
    expect(shortest.choices).toHaveLength(length);
    expect(shortest.proven).toEqual([{ scope: shortest.scope, choices: length - 1 }]);
    const isWider = shortest.scope.timers > scope.timers;
    expect(isWider).toBe(shortest.choices.some(({ act }) => act === 'fire'));
  });

  test('lose and let crash no more than the scope allows', async () => {
    const entry = await loadBroken('delivers-nothing');
    const scope = scopeOfSize(entry, 3, 1, { losses: 2, timers: 1 });
    for (let seed = 0; seed < 20; seed += 1) {
      const { broken } = drawBroken(entry, scope, seed, COUNT);
      const acts = broken!.map(({ act }) => act);
      expect(acts.filter((act) => act === 'lose').length).toBeLessThanOrEqual(2);
      expect(acts).not.toContain('crash');
      const fires = broken!.filter(({ act }) => act === 'fire').map(formatChoice);
      expect(new Set(fires).size).toBe(fires.length);
    }
  });

  const sizes: readonly (readonly [string, Partial<Scope>])[] = [
    ['lamport', {}],
    ['skeen-uniform', { crashes: 1 }],
    ['sequencer', { crashes: 1, timers: 2 }],
    // A token goes round for a second before a packet that was lost is sent again.
    ['token', { losses: 1, timers: 1, channels: 'datagrams' }],
  ];
  test.each(sizes)('accuse %s of nothing', (name, more) => {
    const entry = ORDERINGS.get(name)!;
    const drawn = drawBroken(entry, scopeOfSize(entry, 3, 1, more), 1, 200);
    expect(drawn).toEqual({ drawn: 200, broken: null });
  });

  test('end when there is no more time', () => {
    const entry = ORDERINGS.get('lamport')!;
    let left = 3;
    const drawn = drawBroken(entry, scopeOfSize(entry, 2, 1), 1, COUNT, () => (left -= 1) >= 0);
    expect(drawn).toEqual({ drawn: 3, broken: null });
  });
});
