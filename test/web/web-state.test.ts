import { describe, expect, test } from '@jest/globals';
import type { Choice } from '../../simulation/choices/choice.ts';
import * as board from '../../web/board/board-state.ts';
import { BOARD_ORDERINGS } from '../../web/board/board-orderings.ts';
import { viewGame } from '../../simulation/play/game-view.ts';
import * as game from '../../simulation/play/game.ts';
import { frameAt } from '../../web/playground/film-frame.ts';
import { beginningAt, NEW_FAULT, ofKind } from '../../web/playground/fault-changes.ts';
import * as playback from '../../web/playground/playback.ts';
import {
  PLAYGROUND_DEFAULTS,
  readPlayground,
  writePlayground,
} from '../../web/playground/playground-settings.ts';
import {
  readPlaygroundView,
  withView,
  writePlaygroundView,
} from '../../web/playground/playground-view.ts';
import { runPlayground, waitingAt } from '../../web/playground/run-playground.ts';
import { formatRoute, parseRoute } from '../../web/routing/route.ts';
import { roundWithin } from '../../web/shared/round-detail.ts';
import { readTypedNumber } from '../../web/shared/typed-number.ts';
import { isUnordered, markRounds, RoundMark } from '../../web/shared/rounds-view.ts';

const SETUP = { ordering: 'unordered', peers: 2, messages: 1, puzzle: '' };
const MULTICAST_0: Choice = { act: 'multicast', member: 0 };
const MULTICAST_1: Choice = { act: 'multicast', member: 1 };
const DISAGREE: readonly Choice[] = [
  MULTICAST_0,
  MULTICAST_1,
  { act: 'deliver', packet: '0>1#0' },
  { act: 'deliver', packet: '1>0#0' },
];

describe('a link', () => {
  test('holds everything that was chosen in the playground', () => {
    const settings = {
      ...PLAYGROUND_DEFAULTS,
      ordering: 'token',
      against: 'lamport',
      peers: 5,
      lossPercent: 2.5,
      network: 'uniform' as const,
      zones: ['us-west1-a'],
      faults: [
        { kind: 'crash' as const, member: 1, atMs: 700, untilMs: 700 },
        { kind: 'cut' as const, member: 4, atMs: 20, untilMs: 90 },
      ],
    };
    const { page, query } = parseRoute(formatRoute('play', writePlayground(settings)));
    expect(page).toBe('play');
    expect(readPlayground(query)).toEqual(settings);
  });

  test('holds the branches of a game, and says which one means nothing', () => {
    const played = board.keepBranch({ ...board.beginBoard(SETUP), choices: DISAGREE });
    const other = board.takeOnBoard(game.goBackTo(played, 2), { act: 'crash', member: 1 });
    const state = { ...board.keepBranch(other), undone: [] };
    const link = board.writeBoardLink(state);
    expect(link['branches']).toBe('1:2:deliver 0>1#0;deliver 1>0#0~2:3:');
    const { query } = parseRoute(formatRoute('board', link));
    expect(board.readBoardLink(query, [...BOARD_ORDERINGS.keys()])).toEqual(state);
    const wrong = new Map([['branches', 'left']]);
    expect(() => board.readBoardLink(wrong, ['fifo'])).toThrow(/"left" is no branch; allowed is/);
  });

  test('holds how somebody looks at a run of the playground', () => {
    const view = { atMs: 640, hasDiagram: true };
    const { query } = parseRoute(formatRoute('play', writePlaygroundView(view)));
    expect(readPlaygroundView(query)).toEqual(view);
    const nonsense = new Map([
      ['at', '-3'],
      ['show', 'all'],
    ]);
    expect(readPlaygroundView(nonsense)).toEqual({ atMs: null, hasDiagram: false });
  });

  test('holds the settings that were asked for when the view of an older run is changed', () => {
    const asked = { ...PLAYGROUND_DEFAULTS, seed: 77 };
    const query = new Map(Object.entries({ ...writePlayground(asked), at: '30' }));
    const link = withView(query, { hasDiagram: true });
    expect(link).toMatchObject({ seed: '77', at: '30', show: 'diagram' });
  });

  test('that is nonsense leads to what is allowed', () => {
    const { page, query } = parseRoute(
      '#/nowhere?peers=99&ordering=none&lossPercent=x&faults=bang',
    );
    expect(page).toBe('play');
    expect(readPlayground(query)).toEqual({ ...PLAYGROUND_DEFAULTS, peers: 8 });
  });

  test('holds a whole game of the board', () => {
    const state = { ...board.beginBoard(SETUP), choices: DISAGREE };
    const { query } = parseRoute(formatRoute('board', board.writeBoardLink(state)));
    expect(board.readBoardLink(query, [...BOARD_ORDERINGS.keys()])).toEqual(state);
    const wrong = new Map([['moves', 'jump 3']]);
    expect(() => board.readBoardLink(wrong, ['fifo'])).toThrow(/"jump 3" is no choice; allowed/);
  });
});

describe('a link to a recorded run', () => {
  const recorded = { runId: 'run-1', setup: SETUP, choices: DISAGREE, departs: null };
  const opened = (query: Record<string, string>): board.BoardState =>
    board.readBoardLink(new Map(Object.entries(query)), ['unordered'], recorded);

  test('holds its name, how many of its steps were kept, and what was done instead', () => {
    const whole = opened({ run: 'run-1' });
    expect(whole.choices).toEqual(DISAGREE);
    expect(board.writeBoardLink(whole)).toEqual({
      run: 'run-1',
      kept: '',
      moves: '',
      branches: '',
    });
    const back = game.goToStep(whole, 2);
    expect(board.writeBoardLink(back)).toEqual({
      run: 'run-1',
      kept: '2',
      moves: '',
      branches: '',
    });
    expect(opened({ run: 'run-1', kept: '2' })).toEqual(back);
    expect(game.goToStep(back, 3).choices).toEqual(DISAGREE.slice(0, 3));
    const other = board.takeOnBoard(back, { act: 'lose', packet: '0>1#0' });
    const link = board.writeBoardLink(other);
    expect(link).toEqual({ run: 'run-1', kept: '2', moves: 'lose 0>1#0', branches: '' });
    expect(opened(link)).toEqual(other);
  });

  test('with nonsense in it leads to what there is', () => {
    expect(opened({ run: 'run-1', kept: '99' }).choices).toEqual(DISAGREE);
    expect(opened({ run: 'run-1', kept: 'x' }).choices).toEqual(DISAGREE);
    expect(() => opened({ run: 'run-1', moves: 'jump' })).toThrow(/no choice; allowed/);
  });
});

describe('the board', () => {
  test('undoes, redoes and forgets what was undone once something else happens', () => {
    let state = board.beginBoard(SETUP);
    for (const choice of DISAGREE) state = board.takeOnBoard(state, choice);
    state = game.goBackTo(state, 1);
    expect(state.undone).toHaveLength(3);
    expect(board.takeOnBoard(state, MULTICAST_1).undone).toHaveLength(2);
    expect(board.takeOnBoard(state, { act: 'crash', member: 1 }).undone).toEqual([]);
    expect(game.redoChoice(state).choices).toEqual(DISAGREE.slice(0, 2));
    expect(game.undoChoice(board.beginBoard(SETUP)).choices).toEqual([]);
  });

  test('keeps branches beside the game', () => {
    const played = { ...board.beginBoard(SETUP), choices: DISAGREE };
    const kept = board.keepBranch(game.goBackTo(board.keepBranch(played), 2));
    expect(kept.branches.map(({ name }) => name)).toEqual(['branch 1', 'branch 2']);
    expect(board.openBranch(kept, 'branch 1').choices).toEqual(DISAGREE);
    expect(board.dropBranch(kept, 'branch 1').branches).toHaveLength(1);
  });

  test('lights up the deliveries that broke a guarantee, and not before', () => {
    const entry = BOARD_ORDERINGS.get('unordered')!;
    expect(viewGame(entry, SETUP, DISAGREE.slice(0, 3)).broken.map(({ name }) => name)).toEqual([
      'gapFree',
    ]);
    const { broken } = viewGame(entry, SETUP, DISAGREE);
    const total = broken.find(({ name }) => name === 'total');
    expect(total?.isPromised).toBe(false);
    expect(total?.lit).toHaveLength(4);
  });

  test('says which move of a link is not possible, and shows the game before it', () => {
    const entry = BOARD_ORDERINGS.get('unordered')!;
    const view = viewGame(entry, SETUP, [MULTICAST_0, MULTICAST_0]);
    expect(view.taken).toBe(1);
    expect(view.problem).toBe('step 2, "multicast 0", is not possible there');
    expect(view.packets.map(({ name }) => name)).toEqual(['0>1#0']);
    const stuck = { ...board.beginBoard(SETUP), choices: [MULTICAST_0, MULTICAST_0, MULTICAST_1] };
    const on = board.takeOnBoard(stuck, { act: 'deliver', packet: '0>1#0' }, view.taken);
    expect(viewGame(entry, SETUP, on.choices)).toMatchObject({ taken: 2, problem: '' });
  });
});

describe('the film', () => {
  const settings = { ...PLAYGROUND_DEFAULTS, messages: 10 };
  const unordered = runPlayground(settings, 'unordered');
  const sequencer = runPlayground(settings, 'sequencer');

  test('shows both orderings under one network, judged', () => {
    expect(unordered.comparison.unorderedRounds).toBeGreaterThan(20);
    expect(sequencer.comparison.unorderedRounds).toBe(0);
    expect(unordered.comparison.guarantees.total.held).toBe(false);
  });

  test('shows at every time as many deliveries as were made until then', () => {
    const { film } = sequencer;
    expect(frameAt(film, 0).peers.map(({ delivered }) => delivered)).toEqual([0, 0, 0, 0]);
    const end = frameAt(film, film.lastDeliveryAtUs);
    expect(end.peers.map(({ delivered }) => delivered)).toEqual([40, 40, 40, 40]);
    const half = frameAt(film, film.lastDeliveryAtUs / 2);
    expect(half.packets.length).toBeGreaterThan(0);
    for (const { share } of half.packets) {
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThan(1);
    }
    expect(half.peers.some(({ held }) => held.length > 0)).toBe(true);
  });

  test('says what a peer waits for', () => {
    const waiting = waitingAt(settings, 'lamport', 500_000);
    expect(waiting.map(({ peer }) => peer)).toContain(0);
    expect(waiting[0]?.text).toMatch(/^\(\d,\d+\) waits for a word of peer \d/);
  });

  test('plays to its end, stops there, and begins again', () => {
    const film = playback.loadFilm(playback.PLAYBACK_BEGIN, 1_000);
    const playing = playback.toggle(film);
    expect(playback.tick(playing, 5)).toMatchObject({ atUs: 500, isPlaying: true });
    const ended = playback.tick(playing, 50);
    expect(ended).toMatchObject({ atUs: 1_000, isPlaying: false });
    expect(playback.toggle(ended)).toMatchObject({ atUs: 0, isPlaying: true });
    expect(playback.seek(playing, 2_000)).toMatchObject({ atUs: 1_000, isPlaying: false });
    expect(playback.tick(film, 50)).toBe(film);
  });
});

test('rounds are marked by what most delivered, and by who has nothing', () => {
  const columns = [
    [0, 1, 2],
    [0, 2],
    [0, 2],
  ].map((senders) => ({
    senders: Uint16Array.from(senders),
    sequences: new Uint32Array(senders.length),
  }));
  const marks = markRounds(columns, 3);
  const { agreed, leading, other, nothing } = RoundMark;
  expect([...marks]).toEqual([
    ...[agreed, agreed, agreed],
    ...[other, leading, leading],
    ...[leading, nothing, nothing],
  ]);
  expect([0, 1, 2].map((round) => isUnordered(marks, 3, round))).toEqual([false, true, true]);
});

test('a round that is typed is one that there is', () => {
  expect([-1, 1.5, 99, 0].map((typed) => roundWithin(typed, 3))).toEqual([0, 1, 2, 0]);
  expect(roundWithin(4, 0)).toBe(0);
});

test('a typed number is taken, or the nearest that is allowed with a word about it', () => {
  const percent = { min: 0, max: 50, hasParts: true };
  expect(readTypedNumber('2.5', 7, percent)).toEqual({ value: 2.5, problem: '' });
  expect(readTypedNumber('1e2', 7, percent)).toEqual({
    value: 50,
    problem: '1e2 was typed; allowed is a number from 0 to 50',
  });
  const peers = { min: 2, max: 8 };
  expect(readTypedNumber('3.7', 2, peers)).toMatchObject({ value: 4 });
  expect(readTypedNumber('', 3, peers)).toEqual({
    value: 3,
    problem: 'That was no number; allowed is a whole number from 2 to 8',
  });
  expect(readTypedNumber('abc', 3, peers)).toMatchObject({ value: 3 });
});

test('a fault that becomes another kind, or begins later, lasts as long as before', () => {
  const crash = { ...NEW_FAULT, untilMs: NEW_FAULT.atMs };
  expect(ofKind(crash, 'cut')).toMatchObject({ kind: 'cut', atMs: 1_000, untilMs: 2_000 });
  const pause = { kind: 'pause' as const, member: 1, atMs: 500, untilMs: 700 };
  expect(ofKind(pause, 'cut')).toMatchObject({ atMs: 500, untilMs: 700 });
  expect(beginningAt(pause, 900)).toMatchObject({ atMs: 900, untilMs: 1_100 });
  expect(beginningAt(pause, 60_000)).toMatchObject({ atMs: 60_000, untilMs: 60_000 });
});
