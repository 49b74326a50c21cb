import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { comparisonSchema } from '../../control/comparison-document.ts';
import { type CommandOutcome, runCommand, runInside } from '../support/run-command.ts';
import { sampleComparison } from './render/sample-comparison.ts';

const stateBefore = process.env['MPCOMM_STATE_DIRECTORY'];
let folder: string;
let state: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mpcomm-'));
  state = join(folder, 'state');
  process.env['MPCOMM_STATE_DIRECTORY'] = state;
});

afterAll(async () => {
  if (stateBefore === undefined) delete process.env['MPCOMM_STATE_DIRECTORY'];
  else process.env['MPCOMM_STATE_DIRECTORY'] = stateBefore;
  await rm(folder, { recursive: true });
});

/** Runs a command as who types it does, in a process of its own, where that may make a difference. */
function processOf(
  words: readonly string[],
  environment: Record<string, string> = {},
): Promise<CommandOutcome> {
  return runCommand(words, { environment });
}

function mpcomm(words: readonly string[]): Promise<CommandOutcome> {
  return runInside(...words);
}

async function file(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

describe('mpcomm compare', () => {
  test('compares a JSON file with a Python one; a swap breaks total order and two rounds', async () => {
    const first = await file('first.json', '[[0,0],[1,0],[0,1],[1,1]]');
    const second = await file('second.log', '[(1, 0), (0, 0), (0, 1), (1, 1)]');
    const { status, stdout, stderr } = await processOf(['compare', first, second, '--json']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const comparison = comparisonSchema.parse(JSON.parse(stdout));
    expect(comparison).toMatchObject({ runId: null, rounds: 4, unorderedRounds: 2, messages: 2 });
    expect(comparison.guarantees.total.held).toBe(false);
    expect(comparison.kendallTau.pairs[0]).toMatchObject({ discordant: 1 });
  });

  test('prints the same for a person, names by file, without colours', async () => {
    const first = await file('first.json', '[[0,0],[1,0]]');
    const second = await file('second.log', '[(1, 0), (0, 0)]');
    const { status, stdout } = await processOf(['compare', first, second]);
    expect(status).toBe(0);
    expect(stdout).toContain('2 of 2 rounds unordered (100%)');
    expect(stdout).toContain('first.json');
    expect(stdout).not.toContain('\u001b');
  });

  test('a file that is absent or no sequence is status 2 and named, with nothing on stdout', async () => {
    const good = await file('first.json', '[[0,0]]');
    const bad = await file('bad.log', 'delivered everything');
    for (const wrong of [join(folder, 'absent.log'), bad]) {
      const { status, stdout, stderr } = await mpcomm(['compare', good, wrong]);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).toContain(wrong);
    }
  });

  test('one file is too few', async () => {
    const { status, stderr } = await mpcomm(['compare', await file('first.json', '[]')]);
    expect(status).toBe(2);
    expect(stderr).toContain('at least 2 of them: 1 given');
  });
});

const WRONG: readonly [words: string, allowed: string][] = [
  ['run 1 5', 'a whole number from 2 to 64'],
  ['run 3 many', 'a whole number from 1 to 100000'],
  ['help rnu', 'Did you mean run?'],
  ['run 3', "missing required argument 'N_MSGS'"],
  ['run 3 5 fastest', 'allowed: unordered, fifo'],
  ['run 3 5 fifo --ordering causal', '"fifo" and "causal" are two'],
  ['run 3 5 --orderin fifo', 'Did you mean --ordering?'],
  ['run 3 5 --interval 9-1', '0 <= MIN <= MAX'],
  ['run 3 5 --loss 0.6', 'a number from 0 to 0.5'],
  ['run 3 5 --loss 1e-7', 'a number from 0 to 0.5'],
  ['run 3 5 --state /dev/null/odd', '/dev/null/odd cannot be the state directory'],
  ['run 3 5 --zones mars', '"mars" is no zone'],
  ['run 2 5 --zones us-west1-b,us-west1-c,us-west1-a', '3 zones for 2 peers'],
  ['run 32 100000', 'at most 6000000'],
  ['up --backend gcp', 'Allowed choices are embedded, emulators'],
  ['rum 3 5', 'Did you mean run?'],
  ['run 2 3 --json --project my-laboratory', '--project is for --backend gcp'],
  ['runs --region us-east1', '--region is for --backend gcp'],
  ['grid --summarise no-such --run-url https://example.org', '--run-url is for --backend gcp'],
  // What follows the last space is empty, as a variable of the shell that is not set.
  ['run 2 5 --ordering ', "option '--ordering <NAME|FILE>' is empty"],
  ['show ', "argument 'RUN' is empty"],
  ['compare a.json ', "argument 'FILE' is empty"],
  ['simulate --workload bank --balances ', "option '--balances <FILE>' is empty"],
];

test('what is wrong on the command line is status 2, and the error says what is allowed', async () => {
  for (const [words, allowed] of WRONG) {
    const { status, stdout, stderr } = await mpcomm(words.split(' '));
    expect({ words, status, stdout }).toEqual({ words, status: 2, stdout: '' });
    expect(stderr).toContain(allowed);
  }
});

// The parser's own errors, and those of a command, as a process says them.
test.each([WRONG[0]!, WRONG[4]!, WRONG[8]!])(
  'so it is in a process: %s',
  async (words, allowed) => {
    const typed = await processOf(words.split(' '));
    expect({ words, ...typed }).toEqual({ words, ...(await mpcomm(words.split(' '))) });
    expect(typed.stderr).toContain(allowed);
  },
);

test('an empty variable is refused by its name; one that means the cloud is no error elsewhere', async () => {
  const empty = await processOf(['runs'], { MPCOMM_STATE_DIRECTORY: '' });
  expect(empty.status).toBe(2);
  expect(empty.stderr).toContain("from 'MPCOMM_STATE_DIRECTORY' is empty");
  expect((await processOf(['runs'], { MPCOMM_PROJECT: 'my-laboratory' })).status).toBe(0);
});

describe('without a laboratory', () => {
  test('there are no runs to list or show, and none to end', async () => {
    const empty = ['--state', join(folder, 'empty')];
    const runs = await mpcomm(['runs', ...empty]);
    const show = await mpcomm(['show', 'last', ...empty]);
    const exit = await mpcomm(['exit', ...empty]);
    expect(runs).toMatchObject({ status: 0, stdout: '' });
    expect(show).toMatchObject({ status: 2, stdout: '' });
    expect(show.stderr).toContain('there are no runs');
    expect(exit).toMatchObject({ status: 2, stdout: '' });
    expect(exit.stderr).toContain('no laboratory is up');
  });

  test('a kept comparison is listed and shown, and its broken promise is the status', async () => {
    const comparison = sampleComparison({ declared: ['total'] });
    await mkdir(join(state, 'comparisons'), { recursive: true });
    const kept = join(state, 'comparisons', `${comparison.runId}.json`);
    await writeFile(kept, JSON.stringify(comparison));
    const [runs, json, text, none] = await Promise.all([
      mpcomm(['runs']),
      mpcomm(['show', '2026', '--json']),
      mpcomm(['show', 'last']),
      mpcomm(['show', '1999']),
    ]);
    expect(runs.stdout).toContain(`${comparison.runId}  embedded  unordered`);
    expect(json).toMatchObject({ status: 1, stderr: '' });
    expect(JSON.parse(json.stdout)).toEqual(comparison);
    expect(text.stdout).toContain('24 of 30 rounds unordered');
    expect(text.stderr).toContain('unordered declares total, and this run broke that.');
    expect(none).toMatchObject({ status: 2 });
    expect(none.stderr).toContain('no run begins with 1999');
  });
});

test('a run that did not begin is shown as one, with status 2 and who was missing', async () => {
  const comparison = sampleComparison();
  const perPeer = comparison.perPeer.map((peer, index) =>
    index === 2
      ? { ...peer, standing: 'silent', outcome: null, delivered: 0 }
      : { ...peer, outcome: 'handshake', delivered: 0 },
  );
  const other = join(folder, 'handshake');
  await mkdir(join(other, 'comparisons'), { recursive: true });
  const kept = join(other, 'comparisons', `${comparison.runId}.json`);
  await writeFile(kept, JSON.stringify({ ...comparison, perPeer }));
  const [text, json] = await Promise.all([
    mpcomm(['show', 'last', '--state', other]),
    mpcomm(['show', 'last', '--state', other, '--json']),
  ]);
  const sentence = 'The run did not begin: peer-2 never answered.';
  for (const { status, stderr } of [text, json]) {
    expect(status).toBe(2);
    expect(stderr).toContain(`mpcomm: ${sentence}`);
  }
  expect(text.stdout.split('\n')[3]).toBe(sentence);
  expect(text.stdout).not.toContain('rounds unordered');
  expect(JSON.parse(json.stdout)).toMatchObject({ runId: comparison.runId });
});

test('help and the orderings are data', async () => {
  const [help, orderings] = await Promise.all([mpcomm(['run', '--help']), mpcomm(['orderings'])]);
  expect(help).toMatchObject({ status: 0, stderr: '' });
  expect(help.stdout).toContain('mpcomm run 8 100 fifo');
  expect(orderings.stdout).toMatch(/^unordered\n/);
  expect(orderings.stdout).toContain('guarantees: integrity, validity, agreement, fifo');
});

test.each([['up'], ['console'], ['dashboard']])(
  'mpcomm %s: an ordering of the project is refused, since it would be no run’s',
  async (command) => {
    const { status, stdout, stderr } = await mpcomm([command, '--ordering', 'lamport']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toBe(
      'mpcomm: --ordering takes a file here, and every laboratory has lamport: each run names its own, ' +
        'as in "mpcomm run 4 50 --ordering lamport"\n',
    );
  },
);

test('mpcomm run: a program is refused with the commands that take one, and no laboratory is started', async () => {
  const { status, stdout, stderr } = await mpcomm(['run', '3', '5', '--exec', 'python3 mine.py']);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(
    /A program runs in the simulator alone: mpcomm check, simulate and play take it/,
  );
});
