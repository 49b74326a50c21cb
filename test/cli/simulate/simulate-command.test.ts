import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pathToFileURL } from 'node:url';
import { simulateWatched } from '../../../cli/simulate/simulate-watched.ts';
import { EXIT } from '../../../cli/shell/failure.ts';
import { createProgram } from '../../../cli/program.ts';
import { PLAIN } from '../../../cli/shell/terminal.ts';
import { programThat } from '../../support/exec-program.ts';
import { comparisonSchema, type Comparison } from '../../../control/comparison-document.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mpcomm-'));
});

afterAll(() => rm(folder, { recursive: true }));

/** Runs the command in this process; an error is what it threw. */
async function simulateWith(...words: string[]) {
  const texts = { data: '', notes: '', errors: '' };
  let status: number | null = null;
  const terminal = {
    data: (text: string) => void (texts.data += `${text}\n`),
    note: (text: string) => void (texts.notes += `${text}\n`),
    status: { isTTY: false, columns: 80, write: () => undefined },
    paint: PLAIN,
  };
  const context = { terminal, signal: new AbortController().signal };
  const program = await createProgram(context, (given) => (status = given));
  const writeErr = (text: string) => void (texts.errors += text);
  program.configureOutput({ writeErr });
  for (const command of program.commands) command.configureOutput({ writeErr }).exitOverride();
  try {
    await program.parseAsync(['node', 'mpcomm', 'simulate', ...words]);
  } catch (error) {
    texts.errors += String(error);
  }
  return { status: status as number | null, ...texts };
}

async function comparisonOf(...words: string[]): Promise<Comparison> {
  const { data, errors } = await simulateWith(...words, '--json');
  expect(errors).toBe('');
  return comparisonSchema.parse(JSON.parse(data));
}

describe('mpcomm simulate', () => {
  test('prints what a real run prints, and what only a simulation knows', async () => {
    const { status, data } = await simulateWith('--peers', '3', '--messages', '20', '--seed', '5');
    expect(status).toBe(0);
    expect(data).toContain('3 peers x 20 messages, unordered, seed 5, simulation backend');
    expect(data).toContain('guarantee');
    expect(data).toContain('2 data and 0 control a multicast');
    expect(data).toMatch(/Faults +none/);
    expect((await simulateWith('--peers', '3', '--messages', '20', '--seed', '5')).data).toBe(data);
  });

  test('as JSON is the comparison alone, and the trace repeats byte for byte', async () => {
    const traces = ['one.txt', 'other.txt'].map((name) => join(folder, name));
    const words = ['fifo', '--loss', '0.2', '--burst', '3', '--messages', '10'];
    const [one, other] = [
      await comparisonOf(...words, '--trace', traces[0]!),
      await comparisonOf(...words, '--trace', traces[1]!),
    ];
    expect(one).toEqual(other);
    expect(one).toMatchObject({ network: 'simulated', ordering: 'fifo', peers: 4 });
    const [first, second] = await Promise.all(traces.map((path) => readFile(path, 'utf8')));
    expect(first).toBe(second);
    expect(first).toMatch(/^\d+ multicast \d data\(/);
    expect(first!.split('\n').length).toBeGreaterThan(300);
  });

  test('takes every fault, and says of one that had no effect that it had none', async () => {
    const { data: text, status } = await simulateWith(
      ...['--ordering', 'sequencer', '--delay', 'uniform:5-80'],
      ...['--repeat', '0.1', '--reorder', '0.1'],
      ...['--crash', '3@400+1', '--pause', '1@100-600', '--partition', '0,1|2@200-500'],
      ...['--cut', '0>1@50-90', '--clog', '2>0@0-900+120', '--late', '2@300', '--skew', '0@1.1+4'],
      ...['--late', '1@20'],
    );
    expect(status).toBe(0);
    const data = text.replaceAll(/\s+/g, ' ');
    for (const kind of [
      '1 crash',
      '1 pause',
      '2 late starts',
      '1 skewed clock',
      'packets repeated',
    ]) {
      expect(data).toContain(kind);
    }
    for (const kind of ['cut by a partition', 'on a clogged path', 'packets held back']) {
      expect(data).toContain(kind);
    }
    const idle = await simulateWith('--pause', '1@900000-900001', '--deadline', '8');
    expect(idle.data.replaceAll(/\s+/g, ' ')).toContain('no pause, though asked for');
  });

  test.each([
    ['unordered', true],
    ['fifo', false],
  ])('says whether a daemon drops what is repeated: %s, %j', async (ordering, isDropped) => {
    const { notes } = await simulateWith('--ordering', ordering, '--repeat', '0.2');
    expect(notes.includes('A daemon would have dropped that')).toBe(isDropped);
  });

  test('runs a scenario from a file, which then says all', async () => {
    const path = join(folder, 'scenario.json');
    const delay = { kind: 'constant', us: 9_000 };
    const scenario = {
      ...{ peers: 2, messages: 3, payloadBytes: 8, intervalUs: { min: 5_000, max: 6_000 } },
      ...{ seed: 77, faults: [{ kind: 'crash', member: 1, atUs: 9_000 }], endUs: 1_000_000 },
      network: { delay, loss: 0, burst: 1, repetition: 0, reordering: 0, reorderingUs: 0 },
    };
    await writeFile(path, JSON.stringify(scenario));
    const comparison = await comparisonOf('--scenario', path);
    expect(comparison).toMatchObject({ peers: 2, messages: 3, seed: 77 });
    expect(comparison.perPeer[1]!.standing).toBe('crashed');
    const both = await simulateWith('--scenario', path, '--peers', '3', '--no-jitter');
    expect(both.errors).toMatch(/leave out --peers, --no-jitter/);
    await writeFile(path, JSON.stringify({ ...scenario, faults: [{ kind: 'flood' }] }));
    expect((await simulateWith('--scenario', path)).errors).toMatch(/is no scenario/);
    await writeFile(path, '{"schedule": 1, "choices": ["multicast 0"]}');
    expect((await simulateWith('--scenario', path)).errors).toMatch(
      /has single steps, without the times of a scenario: mpcomm play --from .* opens it/,
    );
    expect((await simulateWith('--scenario', join(folder, 'none'))).errors).toMatch(
      /cannot be read/,
    );
  });

  test('says what is allowed', async () => {
    const errorsOf = async (...words: string[]) => (await simulateWith(...words)).errors;
    expect(await errorsOf('--crash', '2')).toMatch(/Allowed: MEMBER@MS/);
    expect(await errorsOf('--pause', '2@5')).toMatch(/Allowed: MEMBER@FROM-TO/);
    expect(await errorsOf('--partition', '0>1@5-6')).toMatch(/Allowed: MEMBERS\|MEMBERS@FROM-TO/);
    expect(await errorsOf('--partition', '0,1|1@1-2')).toMatch(/Member 1 is named twice/);
    expect(await errorsOf('--cut', '0>0@1-2')).toMatch(/not cut off from itself/);
    expect(await errorsOf('--delay', 'uniform:9-5')).toMatch(/Allowed, in milliseconds: constant/);
    expect(await errorsOf('--loss', '0.6')).toMatch(/Allowed: a number from 0 to 0.5/);
    expect(await errorsOf('--crash', '4@100')).toMatch(
      /--crash names member 4; allowed with 4 peers: 0 to 3/,
    );
    expect(await errorsOf('--delay', 'constant:5', '--zones', 'us-west1-b')).toMatch(
      /without --zones/,
    );
    expect(await errorsOf('--ordering', 'nonsense')).toMatch(/unordered, fifo/);
    expect(await errorsOf('fifo', '--ordering', 'causal')).toMatch(/"fifo" and "causal" are two/);
    expect(await errorsOf('--zones', 'mars-north1-a')).toMatch(/no latency is known/);
  });

  test('reports a trace that cannot be written', async () => {
    const { errors } = await simulateWith('--trace', join(folder, 'absent', 'trace.txt'));
    expect(errors).toMatch(/the trace .* cannot be written/);
  });

  test('runs a bank, compares it and draws its balances', async () => {
    const path = join(folder, 'balances.svg');
    const words = ['--workload', 'bank', '--messages', '20', '--seed', '9'];
    const { status, data, notes } = await simulateWith(...words, '--balances', path);
    expect(status).toBe(0);
    expect(data).toMatch(/^Bank: 4 replicas, \d different balances: account/m);
    expect(notes).toContain(path);
    expect(await readFile(path, 'utf8')).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
    const { bank } = await comparisonOf(...words, '--ordering', 'lamport');
    expect(bank).toMatchObject({ agree: true, distinctStates: 1 });
    expect(bank!.perPeer.every(({ verified }) => verified)).toBe(true);
    expect((await comparisonOf('--messages', '20')).bank).toBeNull();
  });

  test('runs a bank from a scenario file', async () => {
    const path = join(folder, 'bank.json');
    const delay = { kind: 'uniform', minUs: 1_000, maxUs: 90_000 };
    const scenario = {
      ...{ peers: 3, messages: 20, payloadBytes: 0, intervalUs: { min: 5_000, max: 9_000 } },
      ...{ seed: 77, faults: [], endUs: 9_000_000, workload: 'bank' },
      network: { delay, loss: 0, burst: 1, repetition: 0, reordering: 0, reorderingUs: 0 },
    };
    await writeFile(path, JSON.stringify(scenario));
    expect((await comparisonOf('--scenario', path)).bank).toMatchObject({ agree: false });
    const both = await simulateWith('--scenario', path, '--workload', 'bank');
    expect(both.errors).toMatch(/leave out --workload/);
    await writeFile(path, JSON.stringify({ ...scenario, workload: 'shop' }));
    expect((await simulateWith('--scenario', path)).errors).toMatch(/is no scenario/);
  });

  test('refuses what no bank can be run with', async () => {
    const errorsOf = async (...words: string[]) => (await simulateWith(...words)).errors;
    const absent = join(folder, 'absent', 'balances.svg');
    expect(await errorsOf('--workload', 'shop')).toMatch(/Allowed choices are none, mixed, bank/);
    expect(await errorsOf('--balances', absent)).toMatch(/add --workload bank/);
    expect(await errorsOf('--workload', 'bank', '--balances', absent)).toMatch(/cannot be written/);
    expect(await errorsOf('--workload', 'bank', '--payload', '4')).toMatch(
      /no payload can be asked/,
    );
    const deaf = programThat(folder, 'reply({ effects: [] });');
    expect(await errorsOf('--workload', 'bank', '--exec', deaf)).toMatch(/does not ask for them/);
  });

  test('runs a bank with a program that hands payloads on, and judges what it hands on', async () => {
    const statements = `
      const { sender, sequence, payload } = event.message;
      const effects = [{ deliver: { sender, sequence, payload } }];
      if (event.event === 'multicast') effects.unshift({ multicast: { message: event.message } });
      reply({ effects: sender === 1 && sequence === 2 ? effects.slice(0, -1) : effects });`;
    const handing = programThat(folder, statements, '{ payloads: true, reset: true }');
    const words = ['--workload', 'bank', '--peers', '3', '--messages', '4'];
    const { bank, contentsJudged, guarantees } = await comparisonOf(...words, '--exec', handing);
    expect([contentsJudged, guarantees.integrity.held]).toEqual([true, true]);
    expect(bank!.perPeer.map(({ applied }) => applied)).toEqual([11, 11, 11]);
  });

  test('says that a bank applied nothing, and not that its replicas agree', async () => {
    const statements = `
      const { sender, sequence } = event.message;
      const effects = [{ deliver: { sender, sequence } }];
      if (event.event === 'multicast') effects.unshift({ multicast: { message: event.message } });
      reply({ effects });`;
    const losing = programThat(folder, statements, '{ payloads: true, reset: true }');
    const words = ['--workload', 'bank', '--peers', '3', '--messages', '4', '--exec', losing];
    const { status, data } = await simulateWith(...words);
    expect(status).toBe(1);
    expect(data).toMatch(
      /^Bank: 3 replicas, and no operation was applied: of 36 deliveries none carried one that can/m,
    );
    expect(data).not.toMatch(/same balances/);
    expect(data).toMatch(/none twice, invented, altered or too early/);
  });

  test('draws the run and writes it for ShiViz, also besides a trace and as JSON', async () => {
    const [svg, shiviz, trace] = ['run.svg', 'run.shiviz', 'run.txt'].map((name) =>
      join(folder, name),
    );
    const words = ['--peers', '3', '--messages', '5', '--json', '--trace', trace!];
    const { status, data, notes } = await simulateWith(
      ...words,
      '--svg',
      svg!,
      '--shiviz',
      shiviz!,
    );
    expect(status).toBe(0);
    expect(comparisonSchema.safeParse(JSON.parse(data)).success).toBe(true);
    expect(notes).toMatch(/Space-time diagram: .*run\.svg\nShiViz log: .*run\.shiviz/);
    const drawn = await readFile(svg!, 'utf8');
    expect(drawn).toContain('<title>Peer 0 delivered ');
    expect(drawn).toContain('unordered · 3 peers × 5 messages · seed 1 · simulated');
    expect(await readFile(shiviz!, 'utf8')).toMatch(/^\(\?<event>.*\n\nmulticast \(/);
    expect(await readFile(trace!, 'utf8')).toContain(' multicast 0 data(0,0)');
  });

  test('says which file cannot be written', async () => {
    const path = join(folder, 'missing', 'run.svg');
    const { errors } = await simulateWith('--messages', '2', '--svg', path);
    expect(errors).toContain(`${path} cannot be written`);
  });
});

describe('an ordering that does not come back', () => {
  const right = pathToFileURL(
    join(import.meta.dirname, '../../../core/orderings/unordered.ts'),
  ).href;

  test.each([
    ['in a call', 'let calls = 0;', 'if ((calls += 1) > 5) for (;;);', /in call \d+ of it/],
    ['when it is created', '', '', /while it was loaded or created/],
  ])('is ended, and told where: %s', async (_where, before, inCall, told) => {
    const file = join(folder, `loop-${inCall.length}.ts`);
    await writeFile(
      file,
      `import { create as right } from '${right}';
       ${before}
       export const guarantees = ['integrity'];
       export const create = (group, out) => {
         const ordering = right(group, out);
         ${inCall === '' ? 'for (;;);' : ''}
         const { receive } = Object.getPrototypeOf(ordering);
         ordering.receive = (...given) => { ${inCall} receive.apply(ordering, given); };
         return ordering;
       };`,
    );
    let notes = '';
    const terminal = {
      data: () => undefined,
      note: (text: string) => void (notes += text),
      status: { isTTY: false, columns: 80, write: () => undefined },
      paint: PLAIN,
    };
    const context = { terminal, signal: new AbortController().signal };
    // Loading takes a tenth of this, also beside busy loops.
    expect(await simulateWatched(context, { ordering: file }, 6_000)).toBe(EXIT.broken);
    expect(notes).toMatch(told);
    expect(notes).toContain('did not come back within 6 s');
  });
});
