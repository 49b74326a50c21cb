import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { checkInPool, HangError, type PoolOptions } from '../../../cli/check/check-pool.ts';
import { readSchedule } from '../../../simulation/choices/recorded-schedule.ts';
import { programThat } from '../../support/exec-program.ts';
import { javascriptOf } from '../../support/javascript-of.ts';
import { type CommandOutcome, runCommand, runInside } from '../../support/run-command.ts';
import type { CheckReport } from '../../../cli/check/render-check.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const TIES = join(ROOT, 'examples', 'broken', 'ties-not-broken.ts');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mpcomm-'));
});

afterAll(() => rm(folder, { recursive: true }));

function processOf(
  words: readonly string[],
  more: Record<string, string> = {},
): Promise<CommandOutcome> {
  const environment = { MPCOMM_STATE_DIRECTORY: join(folder, 'state'), ...more };
  return runCommand(words, { environment });
}

/** The same in this process, which a program's process would outlive. */
function mpcomm(words: readonly string[]): Promise<CommandOutcome> {
  return runInside(...words, '--state', join(folder, 'state'));
}

async function ordering(name: string, body: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, body);
  return path;
}

describe('mpcomm check', () => {
  test('finds nothing in fifo, and says what was judged and which faults happened', async () => {
    const { status, stdout } = await processOf(['check', '--ordering', 'fifo', '--seeds', '150']);
    expect(status).toBe(0);
    expect(stdout).toContain('no counterexample in 150 schedules of 2 to 8 peers (seeds 0 to 149)');
    expect(stdout).toMatch(
      /judged, in how many schedules: integrity 1\d\d, validity \d+, agreement \d+, fifo \d+,/,
    );
    expect(stdout).toMatch(/crash \d+, restart \d+, pause \d+/);
  });

  test('takes a strategy and names it, and refuses another with what is allowed', async () => {
    const words = ['check', 'fifo', '--from', '256', '--seeds', '40', '--strategy'];
    const { status, stdout } = await mpcomm([...words, 'pct:3', '--json']);
    const report = JSON.parse(stdout) as CheckReport;
    expect([status, report.strategy, report.checked]).toEqual([0, 'pct:3', 40]);
    const refused = await mpcomm([...words, 'pct:0']);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain(
      'Allowed: random, pct:D with a depth D of 1 to 20, or coverage',
    );
  });

  test('tells the story of a broken one, and its scenario replays to the same end', async () => {
    const saved = join(folder, 'ties.json');
    const words = ['check', TIES, '--save', saved, '--from', '1'];
    const { status, stdout } = await processOf(words);
    expect(status).toBe(1);
    expect(stdout).toContain('file-ties-not-broken breaks total (no two messages in opposite');
    expect(stdout).toMatch(/shrunk in \d+ runs from [^]* to\s+2 peers x 1 message with no fault/);
    expect(stdout).toContain('DELIVERS (0, 0)');
    expect(stdout).toMatch(/Picture: .*ties\.svg/);
    const picture = await readFile(saved.replace('.json', '.svg'), 'utf8');
    expect(picture).toContain('<title>Peer 0 delivered (0,0) before (1,0), peer 1 the other way');
    expect(picture).toContain('file-ties-not-broken breaks total (no two messages in opposite');
    expect(stdout).toMatch(/Replay: npx mpcomm simulate --ordering .* --scenario .*ties\.json/);
    expect(stdout).toMatch(
      /In 6 steps of 2 peers x 1 message over channels that lose nothing[^]*\sno\s+schedule\s+of\s+fewer\s+steps\s+of\s+these\s+kinds\s+breaks\s+it/,
    );
    expect(stdout).toMatch(/Play: npx mpcomm play --ordering .*ties.* --from .*ties\.steps\.json/);
    expect(stdout).toMatch(/Picture of the steps: .*ties\.steps\.svg/);
    const stepsPicture = await readFile(join(folder, 'ties.steps.svg'), 'utf8');
    expect(stepsPicture).toContain('a schedule of 6 choices');
    const steps = readSchedule(await readFile(join(folder, 'ties.steps.json'), 'utf8'));
    expect([steps.choices.length, steps.broke]).toEqual([6, 'total']);
    const replayed = await processOf([
      'simulate',
      '--ordering',
      TIES,
      '--scenario',
      saved,
      '--json',
    ]);
    expect(replayed.status).toBe(1);
    const { guarantees } = JSON.parse(replayed.stdout) as {
      guarantees: { total: { counterexample: { text: string } } };
    };
    expect(stdout).toContain(guarantees.total.counterexample.text);
  });

  test('tells a counterexample that it cannot save, and how to find it again', async () => {
    const ties = javascriptOf(TIES, folder);
    const words = ['check', ties, '--from', '0', '--seeds', '1', '--state', '/dev/null/odd'];
    const { status, stdout, stderr } = await processOf(words);
    expect(status).toBe(1);
    expect(stdout).toContain('DELIVERS (0, 0)');
    expect(stdout).toMatch(
      /Replay: npx mpcomm check --ordering .* --from 0 --seeds 1 .* --save FILE/,
    );
    expect(stdout).not.toContain('Picture:');
    expect(stderr).toMatch(
      /could not be saved \(a part of that path is no directory\); --save FILE or --state DIRECTORY/,
    );
    const { stdout: json } = await runInside(...words, '--json');
    const { failure } = JSON.parse(json) as CheckReport;
    expect(failure).toMatchObject({ broke: 'total', scenarioFile: null, diagramFile: null });
  });

  test('finds the same on one thread as on several, and as JSON', async () => {
    const words = [
      'check',
      '--ordering',
      javascriptOf(TIES, folder),
      '--json',
      '--from',
      '1',
      '--faults',
      'loss',
      'crash',
    ];
    const reports = await Promise.all(
      ['1', '3'].map(async (workers) => {
        const run = workers === '1' ? mpcomm : processOf;
        const { status, stdout } = await run([...words, '--workers', workers]);
        expect(status).toBe(1);
        return JSON.parse(stdout) as CheckReport;
      }),
    );
    expect(reports[0]?.failure).toEqual(reports[1]?.failure);
    expect(reports[0]).toMatchObject({
      ordering: 'file-ties-not-broken',
      faults: ['loss', 'crash'],
    });
    const { failure } = reports[0]!;
    expect(failure).toMatchObject({ broke: 'total', scenario: { peers: 2, messages: 1 } });
    const saved = JSON.parse(await readFile(failure!.scenarioFile!, 'utf8')) as unknown;
    expect(saved).toEqual(failure!.scenario);
  });

  test('runs only its part of the seeds, as a task of a Cloud Run job too', async () => {
    const words = ['check', '--ordering', 'unordered', '--seeds', '90', '--json'];
    const byOption = await mpcomm([...words, '--shard', '2/3']);
    const byJob = await processOf(words, { CLOUD_RUN_TASK_INDEX: '1', CLOUD_RUN_TASK_COUNT: '3' });
    expect(JSON.parse(byOption.stdout)).toMatchObject({ from: 30, seeds: 30, checked: 30 });
    expect(byJob.stdout).toBe(byOption.stdout);
  });

  test.each([
    [['--ordering', 'best'], /there is no ordering best; allowed: unordered, fifo, .* or a \.ts/],
    [['--ordering', './absent.ts'], /there is no file \.\/absent\.ts/],
    [['--ordering', join(ROOT, 'cli/shell/failure.ts')], /create: is not exported/],
    [['--faults', 'none', 'crash'], /either "none" or "all", or kinds/],
    [['--from', '4294967295', '--seeds', '2'], /go beyond seed 4294967295/],
    [['fifo', '--ordering', 'lamport'], /takes one ordering; "fifo" and "lamport" are two/],
    [['--shard', '3/2'], /Allowed: i\/n with 1 <= i <= n/],
  ])('refuses %p with status 2', async (words, message) => {
    const { status, stderr } = await mpcomm(['check', ...words]);
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(message) });
  });
});

describe('what only a whole check can tell', () => {
  const gallery = (name: string): string =>
    javascriptOf(join(ROOT, 'test', 'gallery', `${name}.ts`), folder);

  test('a guarantee of which no schedule shows anything is found', async () => {
    const words = ['check', gallery('deaf-to-others'), '--seeds', '40', '--json'];
    const { status, stdout } = await mpcomm(words);
    const { failure, judged } = JSON.parse(stdout) as CheckReport;
    expect({ status, broke: failure?.broke }).toEqual({ status: 1, broke: 'unobserved' });
    expect(failure?.text).toMatch(
      /^integrity, fifo, total could be judged in none of 40 schedules/,
    );
    expect(judged).toEqual({});
  });

  test('what is kept outside create is found, and shown by two runs', async () => {
    const { status, stdout } = await mpcomm([
      'check',
      gallery('kept-outside-create'),
      '--seeds',
      '40',
    ]);
    expect(status).toBe(1);
    expect(stdout).toContain('file-kept-outside-create breaks reset');
    expect(stdout).toMatch(/Delivered where nothing ran before\n {2}peer 0: \(0, 0\)/);
    expect(stdout).toMatch(/after it ran once before\n {2}peer 0: nothing/);
    expect(stdout).toMatch(/Replay: npx mpcomm check .* --from 0 --seeds \d+ --workers 1/);
  });

  test('a counter that all members share, in the file or in one that it imports, is found and called that', async () => {
    const file = gallery('counter-shared');
    const shared = await readFile(file, 'utf8');
    const declared = /^let next = 0;$/m;
    expect(shared).toMatch(declared);
    const body = shared
      .replace(declared, "import { counter } from './shared-counter.mjs';")
      .replaceAll(/\bnext\b(?=[ )])/g, 'counter.next');
    await ordering('shared-counter.mjs', 'export const counter = { next: 0 };');
    const importing = await ordering('importing.mjs', body);
    for (const each of [file, importing]) {
      const { status, stdout } = await mpcomm(['check', each, '--seeds', '5', '--json']);
      const { failure } = JSON.parse(stdout) as CheckReport;
      expect({ status, broke: failure?.broke }).toEqual({ status: 1, broke: 'liveness' });
      expect(failure?.text).toContain('nothing breaks where the members share memory');
      expect(failure?.text).toContain(each);
    }
  });

  test('a program that says reset and does not begin anew is told so', async () => {
    const program = programThat(
      folder,
      `globalThis.seen ??= new Set();
       const { message } = event;
       const name = JSON.stringify([message.sender, message.sequence]);
       const effects = event.event === 'multicast' ? [{ multicast: { message } }] : [];
       if (!seen.has(name)) effects.push({ deliver: message });
       seen.add(name);
       reply({ effects });`,
      '{ reset: true }',
    );
    const words = ['check', '--exec', program, '--seeds', '20', '--faults', 'none', '--json'];
    const { status, stdout } = await processOf(words);
    const { failure } = JSON.parse(stdout) as CheckReport;
    expect({ status, broke: failure?.broke }).toEqual({ status: 1, broke: 'reset' });
    expect(failure?.text).toMatch(/^the program says "reset": true, and keeps something/);
  });

  test('a program on raw channels sees repetition; of whoever does not, that is said', async () => {
    const program = programThat(
      folder,
      `const { message } = event;
       const effects = event.event === 'multicast' ? [{ multicast: { message } }] : [];
       reply({ effects: [...effects, { deliver: message }] });`,
      "{ reset: true, channels: 'raw' }",
    );
    const words = ['--faults', 'repetition', '--seeds', '40', '--json'];
    const [raw, bare] = await Promise.all([
      processOf(['check', '--exec', program, ...words]),
      mpcomm(['check', 'unordered', ...words]),
    ]);
    const [repeated, dropped] = [raw, bare].map(({ stdout }) => JSON.parse(stdout) as CheckReport);
    expect(repeated?.failure?.text).toMatch(/twice/);
    expect(repeated?.failure?.broke).toBe('integrity');
    expect(dropped).toMatchObject({ failure: null, notDrawn: ['repetition'] });
    expect(dropped?.faultsHappened.repetition).toBe(0);
  });
});

describe('the pool', () => {
  test('stops an ordering that does not come back, and says in which schedule', async () => {
    const link = pathToFileURL(join(ROOT, 'core', 'orderings', 'unordered.ts')).href;
    const file = await ordering(
      'loop.ts',
      `import { create as right } from '${link}';
       export const guarantees = ['integrity'];
       export const create = (group, out) => {
         if (group.size === 3) for (;;);
         return right(group, out);
       };`,
    );
    const pool: PoolOptions = {
      source: { ordering: file },
      options: { peersMax: 8, faults: [] },
      workers: 2,
      signal: new AbortController().signal,
      onProgress: () => undefined,
      hangMs: 1_500,
    };
    const error: unknown = await checkInPool(pool, 0, 200).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(HangError);
    expect(String(error)).toMatch(/did not come back within 1\.5 s in the schedule of seed \d+/);
  });
});
