import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ExhaustiveReport } from '../../../cli/check/exhaustive/exhaustive-report.ts';
import { StateKeeper } from '../../../cli/check/exhaustive/exhaustive-state.ts';
import { ScopesSearch } from '../../../cli/check/exhaustive/search-scopes.ts';
import { digestOfSource } from '../../../cli/check/exhaustive/source-digest.ts';
import { beginScope } from '../../../simulation/exhaustive/scope-search.ts';
import { scopesUpTo } from '../../../simulation/exhaustive/scope.ts';
import { NO_TALLY } from '../../../simulation/exhaustive/search-part.ts';
import { readSchedule } from '../../../simulation/choices/recorded-schedule.ts';
import { javascriptOf } from '../../support/javascript-of.ts';
import { type CommandOutcome, runCommand, runInside } from '../../support/run-command.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const TIES = join(ROOT, 'examples', 'broken', 'ties-not-broken.ts');
const LAMPORT = `python3 ${join(ROOT, 'examples', 'exec', 'lamport.py')}`;
/** The bound of a test, on a machine that has much else to do. */
const PATIENCE_MS = 120_000;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mpcomm-'));
});

afterAll(() => rm(folder, { recursive: true }));

/** An ordering of the gallery, as JavaScript: its types are none of what is asked here. */
const gallery = (name: string): string =>
  javascriptOf(join(ROOT, 'test', 'gallery', `${name}.ts`), folder);

/** Runs `mpcomm check ... --exhaustive`; killed when the file `killedAt` is there, if that is given. */
async function exhaustively(words: readonly string[], killedAt?: string): Promise<CommandOutcome> {
  const kill = new AbortController();
  const watch = setInterval(() => {
    if (killedAt !== undefined && existsSync(killedAt)) kill.abort();
  }, 50);
  const all = ['check', ...words, '--exhaustive', '--state', join(folder, 'state')];
  try {
    return await runCommand(all, { kill: kill.signal });
  } finally {
    clearInterval(watch);
  }
}

describe('mpcomm check --exhaustive', () => {
  test(
    'says that there is no counterexample, of how many, and what is outside',
    async () => {
      const { status, stdout } = await exhaustively(['fifo', '--peers', '2', '--crashes', '1']);
      expect(stdout).toMatch(
        /fifo: all \d+ schedules of 2 peers x 1 message with at most 1 crash: no\s+counterexample/,
      );
      expect(stdout).toMatch(
        /beyond the bound, no counterexample among\n +- all \d+ schedules of 2 peers/,
      );
      expect(stdout).toMatch(/outside the bound: more peers or messages, more crashes than 1,/);
      expect(stdout).toMatch(/not judged: .*delivering as it goes/);
      expect(status).toBe(0);
      expect(await readdir(join(folder, 'state', 'check')).catch(() => [])).toEqual([]);
    },
    PATIENCE_MS,
  );

  test(
    'finds the shortest counterexample, tells, draws and saves it, and play opens it',
    async () => {
      const saved = join(folder, 'ties.json');
      const { status, stdout } = await exhaustively([TIES, '--save', saved]);
      expect(status).toBe(1);
      expect(stdout).toContain('file-ties-not-broken breaks total (no two messages in opposite');
      expect(stdout).toContain('This is the shortest there is in what was asked for');
      expect(stdout).toContain('DELIVERS (0, 0)');
      expect(stdout).toMatch(/Replay: npx mpcomm play --ordering .*ties.json/);
      expect(await readFile(saved.replace('.json', '.svg'), 'utf8')).toContain('<svg');
      const schedule = readSchedule(await readFile(saved, 'utf8'));
      expect(schedule).toMatchObject({ ordering: TIES, broke: 'total' });
      expect(schedule.choices).toHaveLength(6);
      const played = await play(saved);
      expect(played).toMatch(/6 steps/);
      expect(played).toMatch(/total/);
    },
    PATIENCE_MS,
  );

  test(
    'finds what takes more timers than it was asked for, and says how many',
    async () => {
      const beats = gallery('takes-over-after-four-beats');
      const { status, stdout } = await exhaustively([beats, '--peers', '2']);
      expect(status).toBe(1);
      expect(stdout).toContain('all 20 schedules of 2 peers x 1 message: no counterexample');
      expect(stdout.replace(/\s+/g, ' ')).toMatch(
        /8 choices, of 2 peers x 1 message with 4 timers of each peer, more than was asked for/,
      );
      // Whoever asks for a bound gets that bound.
      const bound = await exhaustively([beats, '--peers', '2', '--timers', '3']);
      expect(bound.status).toBe(0);
      expect(bound.stdout).not.toContain('beyond the bound');
    },
    PATIENCE_MS,
  );

  test(
    'runs a program, which begins anew for each schedule',
    async () => {
      const words = ['--exec', LAMPORT, '--peers', '2', '--json'];
      const { status, stdout } = await exhaustively(words);
      const { whole } = JSON.parse(stdout) as ExhaustiveReport;
      expect(whole.map(({ tally }) => tally.schedules)).toEqual([3]);
      expect(status).toBe(0);
    },
    PATIENCE_MS,
  );

  test(
    'says so when an ordering does not do the same again',
    async () => {
      const kept = gallery('kept-outside-create');
      const { status, stdout } = await exhaustively([kept]);
      expect(stdout).toContain('breaks unrepeatable');
      expect(status).toBe(1);
    },
    PATIENCE_MS,
  );
});

test(
  'a fault that waits behind more schedules than there is time for is found by chance',
  async () => {
    // Three peers have 92 million schedules without a crash, which come before the first with one.
    const early = join(ROOT, 'test', 'gallery', 'isis-undecided-early.ts');
    const size = { peers: 3, messages: 1, losses: 0, crashes: 1, timers: 1 };
    const search = new ScopesSearch(
      {
        source: { ordering: early },
        scopes: scopesUpTo({ ...size, channels: 'reliable' }),
        workers: 1,
        signal: new AbortController().signal,
        endMs: performance.now() + PATIENCE_MS,
        keeper: new StateKeeper(join(folder, 'by-chance.json'), 'any'),
        onProgress: () => undefined,
      },
      { whole: [], current: null },
    );
    const { whole, stopped } = await search.run();
    expect(whole.map(({ scope }) => scope.peers)).toEqual([2]);
    expect(stopped?.scope).toMatchObject(size);
    expect(stopped?.state.broken).toContainEqual(expect.stringMatching(/^crash /));
    expect(stopped?.drawn).toMatchObject([{ scope: size }]);
  },
  2 * PATIENCE_MS,
);

describe('a search that is ended early', () => {
  const words = ['sequencer-fast', '--messages', '2', '--timers', '0', '--json'];
  const countAll = ({ stdout }: CommandOutcome): number[] => {
    const { whole, unfinished } = JSON.parse(stdout) as ExhaustiveReport;
    expect(unfinished).toBeNull();
    return whole.map(({ tally }) => tally.schedules);
  };

  test(
    'goes on where it was after a kill, or after its time, and comes to the same number',
    async () => {
      const file = join(folder, 'state', 'check', 'search-sequencer-fast-3x2-0-0-0-reliable.json');
      await exhaustively(words, file);
      const stopped = await exhaustively([...words, '--seconds', '1']);
      const isStopped = stopped.status === 2;
      if (isStopped) {
        const { unfinished } = JSON.parse(stopped.stdout) as ExhaustiveReport;
        expect(unfinished?.why).toMatch(/^its 1 second are over|^its 1 second/);
      }
      const last = isStopped ? await exhaustively(words) : stopped;
      if (isStopped)
        expect(last.stderr).toMatch(/Going on after [\d,]+ schedules? that were tried/);
      // The number is that of the full search of 3 x 1 (search-whole-scope.test.ts), and of one thread
      // without a break.
      expect(countAll(last)).toEqual([3, 22, 30, 6_640]);
    },
    3 * PATIENCE_MS,
  );

  // What was found while the file was written was half in it: the scope after it was then taken for searched.
  test('is kept as it was when it was to be saved', async () => {
    const keeper = new StateKeeper(join(folder, 'as-it-was.json'), 'any');
    const scopes = scopesUpTo({
      peers: 3,
      messages: 1,
      losses: 0,
      crashes: 0,
      timers: 0,
      channels: 'reliable',
    });
    const whole = [{ scope: scopes[0]!, tally: NO_TALLY }];
    const saving = keeper.save({ whole, current: beginScope(scopes[1]!) });
    whole.push({ scope: scopes[1]!, tally: NO_TALLY });
    await saving;
    expect(await keeper.load()).toMatchObject({
      whole: [{ scope: scopes[0] }],
      current: { scope: scopes[1] },
    });
    expect((await keeper.load())!.whole).toHaveLength(1);
  });

  test('begins anew when the ordering has changed', async () => {
    const helper = join(folder, 'helper.ts');
    const mine = join(folder, 'mine.ts');
    await writeFile(helper, 'export const a = 1;');
    await writeFile(mine, "import { a } from './helper.ts';\nexport const b = a;");
    const before = await digestOfSource({ ordering: mine });
    expect(await digestOfSource({ ordering: mine })).toBe(before);
    await writeFile(helper, 'export const a = 2;');
    expect(await digestOfSource({ ordering: mine })).not.toBe(before);
  });
});

describe('its options', () => {
  test.each([
    [['fifo', '--peers', '5'], /--exhaustive takes --peers 2 to 4, not 5/],
    [['fifo', '--messages', '9'], /--messages/],
    [['fifo', '--crashes', 'x'], /--crashes/],
    [['fifo', '--seeds', '5'], /--seeds is for random schedules, and cannot go with --exhaustive/],
    [['--peers', '2'], /--exhaustive needs one ordering: mpcomm check NAME\|FILE --exhaustive/],
  ])('%j are refused', async (words, why) => {
    const { status, stderr } = await runInside('check', ...words, '--exhaustive');
    expect(stderr).toMatch(why);
    expect(status).toBe(2);
  });

  test('are refused without it', async () => {
    const { status, stderr } = await runInside('check', 'fifo', '--losses', '1');
    expect(stderr).toContain('--losses is for the exhaustive search; it needs --exhaustive');
    expect(status).toBe(2);
  });
});

/** What `mpcomm play` says of a counterexample. */
async function play(file: string): Promise<string> {
  const { stdout, stderr } = await runCommand(['play', '--from', file], { input: 'state\n' });
  return stdout + stderr;
}

test('an ordering that throws later, when none of its methods runs, is told so, and nothing else is', async () => {
  const late = join(folder, 'late.mjs');
  await writeFile(
    late,
    `const later = () => setTimeout(() => { throw new Error('too late'); });
    export const create = (_group, out) => ({
      deadline: Infinity, held: 0, advance() {}, receive(_now, _from, message) { out.deliver(message); },
      multicast(_now, message) { later(); out.multicast(message); out.deliver(message); },
    });
    export const guarantees = ['integrity'];`,
  );
  const { status, stdout, stderr } = await exhaustively([late, '--peers', '2']);
  expect([status, stderr]).toEqual([1, '']);
  expect(stdout).toMatch(
    /breaks failed[^]*none of its methods ran[^]*too\s+late[^]*late\.mjs:1:\d+/,
  );
});
