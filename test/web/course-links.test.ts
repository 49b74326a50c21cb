import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { viewGame } from '../../simulation/play/game-view.ts';
import { BOARD_ORDERINGS } from '../../web/board/board-orderings.ts';
import { readBoardLink } from '../../web/board/board-state.ts';
import { PUZZLES } from '../../web/board/puzzles.ts';
import { readPlayground } from '../../web/playground/playground-settings.ts';
import { parseRoute } from '../../web/routing/route.ts';

const TEXT = readFileSync(join(import.meta.dirname, '../../docs/page.md'), 'utf8');
const LINKS = [...TEXT.matchAll(/^\| `(#\/[^`]+)`/gm)].map(([, link]) => link!);

describe('the links for a course', () => {
  test('are there', () => {
    expect(LINKS.length).toBeGreaterThanOrEqual(6);
  });

  test.each(LINKS)('%s leads to what it says', (link) => {
    const { page, query } = parseRoute(link);
    expect(link.startsWith(`#/${page}`)).toBe(true);
    const { ordering, against } = readPlayground(query);
    if (page === 'play') expect([ordering, against]).toEqual([...query.values()]);
    if (page !== 'board') return;
    const { setup, choices } = readBoardLink(query, [...BOARD_ORDERINGS.keys()]);
    expect(setup.ordering).toBe(query.get('ordering'));
    if (setup.puzzle !== '') expect(PUZZLES.map(({ id }) => id)).toContain(setup.puzzle);
    const view = viewGame(BOARD_ORDERINGS.get(setup.ordering)!, setup, choices);
    expect([view.problem, view.broken.length > 0]).toEqual(['', choices.length > 0]);
  });
});
