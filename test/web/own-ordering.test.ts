import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BOARD_ORDERINGS } from '../../web/board/board-orderings.ts';
import { shownCreate } from '../../simulation/choices/shown-create.ts';
import { viewGame } from '../../simulation/play/game-view.ts';
import { beginBoard, readBoardLink, writeBoardLink } from '../../web/board/board-state.ts';
import { boardChoices } from '../../web/board/board-choices.ts';
import { checkShare, showCounterexample } from '../../web/own/check-own.ts';
import { closeDoors } from '../../web/own/close-doors.ts';
import { CompileError, compileOrdering } from '../../web/own/compile-ordering.ts';
import { guardLoops } from '../../web/own/loop-guards.ts';
import { loadOwnOrdering } from '../../web/own/own-module.ts';
import { formatRoute, parseRoute } from '../../web/routing/route.ts';
import { PLAYGROUND_DEFAULTS, scenarioOf } from '../../web/playground/playground-settings.ts';

const TEMPLATE = readFileSync(join(import.meta.dirname, '../../examples/my-ordering.ts'), 'utf8');
const ORDER = '    this.#out.multicast(message);\n';

/** The line, counted from 1, in which `part` stands. */
function lineOf(text: string, part: string): number {
  return text.slice(0, text.indexOf(part)).split('\n').length;
}

/** The first finding of a check of `text`. */
function findIn(text: string): string {
  const entry = loadOwnOrdering(compileOrdering(text));
  const { failing } = checkShare(entry, 0, 200);
  return failing === null
    ? 'nothing'
    : `${failing.findings[0]!.name}: ${failing.findings[0]!.text}`;
}

test("a worker that runs somebody's ordering reaches nothing with it", () => {
  const prototype = { fetch: () => 'out', postMessage: () => 'forged', setTimeout: () => 'kept' };
  const scope = Object.assign(Object.create(prototype) as object, {
    WorkerGlobalScope: Object,
    caches: {},
  });
  closeDoors(scope);
  const names = ['fetch', 'caches', 'postMessage', 'setTimeout'];
  expect(names.filter((name) => name in scope)).toEqual(['setTimeout']);
});

describe('an ordering that was typed in the page', () => {
  test('is run as it is in the command line, where it is right', () => {
    expect(findIn(TEMPLATE)).toBe('nothing');
  });

  test('is shown where it breaks, as small as it gets, and the same on the board', () => {
    const broken = TEMPLATE.replace(
      'if (this.#group.self === SEQUENCER)',
      'if (sender >= SEQUENCER)',
    );
    expect(broken).not.toBe(TEMPLATE);
    const entry = loadOwnOrdering(compileOrdering(broken));
    const { failing } = checkShare(entry, 0, 200);
    const shown = showCounterexample(entry, failing!);
    expect(shown).toMatchObject({ name: 'total', setup: { peers: 2, messages: 1 } });
    expect(shown.svg).toContain('<svg');
    const view = viewGame(entry, shown.setup, shown.choices!);
    expect(view.problem).toBe('');
    expect(view.broken.find(({ name }) => name === 'total')?.isPromised).toBe(true);
  });

  test('that draws numbers is the same on the board as in the schedule that broke it, by its link', () => {
    const file = join(import.meta.dirname, '../../examples/broken/stamped-before-sent.ts');
    const entry = loadOwnOrdering(compileOrdering(readFileSync(file, 'utf8')));
    const { setup, choices } = showCounterexample(entry, checkShare(entry, 0, 200).failing!);
    expect(setup.seed).not.toBe(1);
    const state = { ...beginBoard({ ...setup, ordering: 'own', puzzle: '' }), choices: choices! };
    const { query } = parseRoute(formatRoute('board', writeBoardLink(state)));
    const linked = readBoardLink(query, ['own']);
    const { problem, broken } = viewGame(entry, linked.setup, linked.choices);
    expect([problem, broken.map(({ name }) => name)]).toEqual([
      '',
      expect.arrayContaining(['total']),
    ]);
  });

  test.each([
    'while (this.held === 0);',
    'for (;;) { this.held; }',
    'do this.held; while (true);',
    'do /* why */ { this.held; } while (true);',
  ])('is stopped in a loop without an end, with its line: %s', (loop) => {
    const text = TEMPLATE.replace(ORDER, `    ${loop}\n${ORDER}`);
    const found = findIn(text);
    expect(found).toContain(`the loop in line ${lineOf(text, loop)} does not end`);
  });

  test('is told the line of what it throws, and of what does not parse', () => {
    const throwing = TEMPLATE.replace(ORDER, `    throw new Error('no');\n`);
    expect(findIn(throwing)).toContain(`no (line ${lineOf(throwing, "new Error('no')")})`);
    Error.stackTraceLimit = 10;
    const half = 'this.#out.multicast(message.withTimestamp(0.5));';
    const sending = TEMPLATE.replace('this.#out.multicast(message);', half);
    expect(findIn(sending)).toContain(`(line ${lineOf(sending, half)})`);
    const wrong = TEMPLATE.replace('advance(): void {', 'advance(: void {');
    const line = lineOf(wrong, 'advance(: void');
    expect(() => compileOrdering(wrong)).toThrow(CompileError);
    expect(() => compileOrdering(wrong)).toThrow(expect.objectContaining({ line }));
  });

  test('may be one of the broken orderings that the project keeps', () => {
    const path = join(import.meta.dirname, '../../examples/broken/ties-not-broken.ts');
    expect(findIn(readFileSync(path, 'utf8'))).toMatch(/^total: /);
  });

  test('gives each member variables of its own, as on machines far apart', () => {
    const path = join(import.meta.dirname, '../gallery/counter-shared.ts');
    expect(findIn(readFileSync(path, 'utf8'))).toMatch(/^liveness: /);
    const withState = TEMPLATE.replace(
      /export const create = reliable\(\(group, out\) => (.*)\);/,
      `let seen = 0;
       export const create = reliable((group, out) => {
         if (group.self === 0) seen = 1;
         else if (seen !== 0) throw new Error('member 0 was here');
         return $1;
       });`,
    );
    expect(withState).not.toBe(TEMPLATE);
    expect(findIn(withState)).toBe('nothing');
  });

  test('is refused with what is allowed where it imports what the page has not, or exports too little', () => {
    const imports = compileOrdering(`import { readFileSync } from 'node:fs'; readFileSync('x');`);
    expect(() => loadOwnOrdering(imports)).toThrow(/the page has no node:fs; .* may import core\//);
    expect(() => loadOwnOrdering(compileOrdering('export const create = 3;'))).toThrow(
      /my-ordering\.ts is no ordering:[^]*create: is 3/,
    );
  });
});

test('guards of nested loops stand in their own bodies, without a new line', () => {
  const text = 'for (a) for (b) x;\nwhile (c) { y; }';
  const guarded = guardLoops(text, [
    { from: 8, to: 18, isBlock: false, line: 1 },
    { from: 16, to: 18, isBlock: false, line: 1 },
    { from: 29, to: 35, isBlock: true, line: 2 },
  ]);
  expect(guarded.replaceAll('__mpcommTick', 'T')).toBe(
    'for (a) {T(1);for (b) {T(1);x;}}\nwhile (c) {T(2); y; }',
  );
});

test('a run of the playground is the same game on the board', () => {
  const entry = BOARD_ORDERINGS.get('unordered')!;
  const scenario = scenarioOf({ ...PLAYGROUND_DEFAULTS, messages: 5, lossPercent: 10 });
  const choices = boardChoices(shownCreate(entry), scenario)!;
  expect(choices.filter(({ act }) => act === 'multicast')).toHaveLength(20);
  expect(choices.some(({ act }) => act === 'deliver')).toBe(true);
  const setup = { ordering: 'unordered', peers: 4, messages: 5, puzzle: '' };
  const view = viewGame(entry, setup, choices);
  expect(view.problem).toBe('');
  expect(view.broken.some(({ name }) => name === 'total')).toBe(true);
  expect(boardChoices(shownCreate(entry), { ...scenario, messages: 50 })).toBeNull();
});
