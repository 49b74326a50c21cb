import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { Kind } from '../../../core/message.ts';
import { nameOfKind, ORDERING_DEFAULT, ORDERINGS } from '../../../core/orderings/registry.ts';
import { markdownTable } from '../../../cli/grid/markdown.ts';
import { promiseRows } from '../../../scripts/tables/ordering-promises.ts';

const ENTRIES = [...ORDERINGS.values()];

describe('the registry', () => {
  test('gives every ordering its own kinds, apart from those of the layers below', () => {
    const kinds = new Map(ENTRIES.map(({ ownMessages }) => [ownMessages?.kinds, ownMessages]));
    kinds.delete(undefined);
    const own = [...kinds.keys()].flatMap((each) => Object.entries(each!));
    expect(own.length).toBeGreaterThan(5);
    const all = [...own, ...Object.entries(Kind)];
    expect(new Set(all.map(([, kind]) => kind)).size).toBe(all.length);
    expect(new Set(all.map(([name]) => name)).size).toBe(all.length);
    for (const [, kind] of own) {
      expect(kind).toBeGreaterThanOrEqual(10);
      expect(kind).toBeLessThan(50);
    }
  });

  test('names every kind, and what has no name by its number', () => {
    expect([Kind.data, 20, 200].map(nameOfKind)).toEqual(['data', 'lamportAck', 'kind200']);
  });

  test('counts as idle only what an ordering sends', () => {
    for (const { ownMessages } of ENTRIES) {
      const kinds = Object.values(ownMessages?.kinds ?? {});
      for (const kind of ownMessages?.idle ?? []) expect(kinds).toContain(kind);
    }
  });

  test.each(ENTRIES)('$name: theory is a number for every size of group', ({ theory }) => {
    for (const size of [2, 3, 8, 16]) {
      expect(theory.messages(size)).toBeGreaterThanOrEqual(size - 1);
      // Every path takes a time of 1, so that nobody delivers another's message sooner.
      const latency = theory.latency?.((from, to) => (from === to ? 0 : 1), size, 0, size - 1) ?? 1;
      expect(latency).toBeGreaterThanOrEqual(1);
    }
  });

  test('has the default', () => {
    expect(ORDERINGS.has(ORDERING_DEFAULT)).toBe(true);
  });

  test('is what docs/orderings.md shows of each ordering that it has', () => {
    const cellsOf = (row: string): string =>
      row
        .split('|')
        .map((cell) => cell.trim())
        .join('|');
    const text = readFileSync(new URL('../../../docs/orderings.md', import.meta.url), 'utf8');
    const table = text.slice(text.indexOf('promises: begin'), text.indexOf('promises: end'));
    const shown = table.split('\n').filter((line) => line.startsWith('| `'));
    const rows = promiseRows().map((row) => markdownTable([], [row], row.length).split('\n')[2]!);
    expect(shown.length).toBeGreaterThan(5);
    expect(rows.map(cellsOf)).toEqual(expect.arrayContaining(shown.map(cellsOf)));
  });
});
