import { beforeAll, describe, expect, test } from '@jest/globals';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import {
  type BuiltCourseLink,
  COURSE_FILE,
  HAND_IN_BYTES_MAX,
  readCourse,
} from '../../cli/dashboard/read-course.ts';
import type { GuaranteeName } from '../../core/guarantees.ts';
import { type BrokenName, viewGame } from '../../simulation/play/game-view.ts';
import { BOARD_ORDERINGS } from '../../web/board/board-orderings.ts';
import { readBoardLink, writeBoardLink } from '../../web/board/board-state.ts';
import { findPuzzle, setupOfPuzzle } from '../../web/board/puzzles.ts';
import { checkShare } from '../../web/own/check-own.ts';
import { compileOrdering } from '../../web/own/compile-ordering.ts';
import { loadOwnOrdering } from '../../web/own/own-module.ts';
import { packSource, SOURCE_BYTES_MAX, unpackSource } from '../../web/own/packed-source.ts';
import { readPlayground, writePlayground } from '../../web/playground/playground-settings.ts';
import { readPlaygroundView, writePlaygroundView } from '../../web/playground/playground-view.ts';
import { runPlayground } from '../../web/playground/run-playground.ts';
import { parseRoute } from '../../web/routing/route.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const ROOT = join(import.meta.dirname, '../..');
const SOURCE_COURSE = JSON.parse(readFileSync(join(ROOT, COURSE_FILE), 'utf8')) as {
  readonly sessions: readonly { readonly links: readonly { readonly title: string }[] }[];
};
const TITLES = SOURCE_COURSE.sessions.flatMap(({ links }) => links.map(({ title }) => title));
const SEEDS = 100;

type Broken = Readonly<Record<string, readonly BrokenName[]>>;

describe('the links of the course', () => {
  let links: readonly BuiltCourseLink[];
  beforeAll(async () => {
    links = (await readCourse(ROOT)).sessions.flatMap((session) => session.links);
  });

  test('have titles that tell them apart', () => {
    expect(new Set(TITLES).size).toBe(TITLES.length);
  });

  test.each(TITLES)('%s: opens what it says', async (title) => {
    const { address, breaks = {}, holds = {} } = links.find((link) => link.title === title)!;
    const { page, query } = parseRoute(address);
    expect(address.startsWith(`#/${page}`)).toBe(true);
    const broken = await brokenBy(page, query);
    const names = Object.keys({ ...breaks, ...holds });
    expect(Object.keys(broken)).toEqual(expect.arrayContaining(names));
    for (const [name, expected] of Object.entries(breaks)) {
      expect(broken[name]).toEqual(expect.arrayContaining(expected));
    }
    for (const [name, expected] of Object.entries(holds)) {
      expect(expected.filter((each) => broken[name]!.includes(each))).toEqual([]);
    }
  });
});

/** By ordering, what the page shows to be broken where a link leads to. */
async function brokenBy(page: string, query: ReadonlyMap<string, string>): Promise<Broken> {
  if (page === 'play') return brokenInPlayground(query);
  if (page === 'board') return brokenOnBoard(query);
  if (page === 'own' && query.size > 0) return brokenOfOwn(query);
  expect([['own', 'compare'].includes(page), query.size]).toEqual([true, 0]);
  return {};
}

function brokenInPlayground(query: ReadonlyMap<string, string>): Broken {
  const settings = readPlayground(query);
  const written = {
    ...writePlayground(settings),
    ...writePlaygroundView(readPlaygroundView(query)),
  };
  // What the page does not understand, it would leave out without a word.
  expect(withoutEmpty(written)).toEqual(Object.fromEntries(query));
  const names = [settings.ordering, settings.against].filter((name) => name !== '');
  return Object.fromEntries(
    names.map((name) => {
      const { guarantees } = runPlayground(settings, name).comparison;
      const entries = Object.entries(guarantees).filter(([, { held }]) => held === false);
      return [name, entries.map(([guarantee]) => guarantee as GuaranteeName)];
    }),
  );
}

function brokenOnBoard(query: ReadonlyMap<string, string>): Broken {
  const state = readBoardLink(query, [...BOARD_ORDERINGS.keys()]);
  expect(withoutEmpty(writeBoardLink(state))).toEqual(Object.fromEntries(query));
  const { setup, choices, branches } = state;
  const puzzle = findPuzzle(setup.puzzle);
  expect(puzzle === undefined ? '' : setupOfPuzzle(puzzle)).toEqual(
    setup.puzzle === '' ? '' : setup,
  );
  const entry = BOARD_ORDERINGS.get(setup.ordering)!;
  const views = [choices, ...branches.map((branch) => branch.choices)].map((steps) =>
    viewGame(entry, setup, steps),
  );
  expect(views.map(({ problem }) => problem).filter((problem) => problem !== '')).toEqual([]);
  return { [setup.ordering]: views[0]!.broken.map(({ name }) => name) };
}

async function brokenOfOwn(query: ReadonlyMap<string, string>): Promise<Broken> {
  const entry = loadOwnOrdering(compileOrdering(await unpackSource(query.get('source')!)));
  const { failing } = checkShare(entry, 0, SEEDS);
  return { own: failing?.findings.map(({ name }) => name as GuaranteeName) ?? [] };
}

function withoutEmpty(query: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''));
}

describe("a course of one's own", () => {
  const course = (link: object): string =>
    JSON.stringify({ title: 'C', about: 'A', sessions: [{ title: 'S', links: [link] }] });
  const root = temporaryDirectory();
  const reading = (text: string) => {
    mkdirSync(join(root, 'web/course'), { recursive: true });
    writeFileSync(join(root, COURSE_FILE), text);
    writeFileSync(join(root, 'anna.ts'), 'export const create = null;');
    writeFileSync(join(root, 'long.ts'), 'x'.repeat(HAND_IN_BYTES_MAX + 1));
    return readCourse(root);
  };

  test('holds the file that somebody handed in', async () => {
    const built = await reading(course({ title: 'Anna', shows: 'a file', handIn: 'anna.ts' }));
    const { query } = parseRoute(built.sessions[0]!.links[0]!.address);
    expect(await unpackSource(query.get('source')!)).toBe('export const create = null;');
  });

  test.each([
    ['{', /course\.json is no JSON/],
    ['{}', /course\.json is no course:[^]*title/],
    [course({ title: 'T', shows: 's', address: 'https://elsewhere' }), /address/],
    [course({ title: 'T', shows: 's' }), /either an address or a handIn/],
    [course({ title: 'T', shows: 's', handIn: 'ben.ts' }), /the course has no ben\.ts/],
    [course({ title: 'T', shows: 's', handIn: 'long.ts' }), /long\.ts has 60001 bytes/],
    [course({ title: 'T', shows: 's', address: '#/play', breaks: { fifo: ['order'] } }), /breaks/],
  ])('is refused with the reason: %s', async (text, reason) => {
    await expect(reading(text)).rejects.toThrow(reason);
  });
});

describe('a source in a link', () => {
  test('comes back as it was, whatever is in it', async () => {
    const text = readFileSync(join(ROOT, 'examples/my-ordering.ts'), 'utf8') + '// \u{1F600} ü\n';
    const packed = await packSource(text);
    expect(packed).toMatch(/^[\w-]+$/);
    expect(packed.length).toBeLessThan(text.length / 1.5);
    expect(await unpackSource(packed)).toBe(text);
  });

  test('that was cut off, changed, or is too long is refused', async () => {
    const packed = await packSource('export const create = null; '.repeat(20));
    await expect(unpackSource(packed.slice(0, -5))).rejects.toThrow(/cut off or was changed/);
    await expect(unpackSource('***')).rejects.toThrow(/cut off or was changed/);
    const long = deflateRawSync('x'.repeat(SOURCE_BYTES_MAX + 1)).toString('base64url');
    await expect(unpackSource(long)).rejects.toThrow(/longer than 60000 bytes/);
  });

  test('is made of as much as can be read from one, and of no more', async () => {
    const most = 'é'.repeat(SOURCE_BYTES_MAX / 2);
    expect(await unpackSource(await packSource(most))).toBe(most);
    expect(HAND_IN_BYTES_MAX).toBe(SOURCE_BYTES_MAX);
    await expect(packSource(`${most}x`)).rejects.toThrow(/up to 60000 bytes: save it as a file/);
  });
});
