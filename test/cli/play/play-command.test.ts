import { describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { playCommand, type PlayOptions } from '../../../cli/play/play-command.ts';
import { openTable } from '../../../cli/play/play-table.ts';
import { PLAIN } from '../../../cli/shell/terminal.ts';
import { ORDERINGS } from '../../../core/orderings/registry.ts';
import { drawScenario } from '../../../simulation/check/draw-scenario.ts';
import { recordedContext } from '../../support/recorded-context.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const TIES = join(import.meta.dirname, '../../../examples/broken/ties-not-broken.ts');

const directory = temporaryDirectory();

async function play(lines: readonly string[], options: Partial<PlayOptions>) {
  const { context, data } = recordedContext();
  const input = Readable.from([`${lines.join('\n')}\n`]);
  const status = await playCommand(context, { state: directory, ...options }, input);
  return { status, text: data.join('\n') };
}

describe('mpcomm play in a pipe', () => {
  test('echoes what is typed, ends with it, and is no failure for what was not promised', async () => {
    const lines = ['# together', 'multicast 0 1', 'dance', 'deliver all'];
    const { status, text } = await play(lines, { ordering: 'unordered', peers: 2 });
    expect(status).toBe(0);
    expect(text).toContain('\n# together\n\n> multicast 0 1\n1. peer 0 multicasts\n');
    expect(text).toContain('> dance\nNot done: "dance" is no command; allowed: state,');
    expect(text).toContain('(broken, and not promised: total, uniformTotal)');
  });

  test('ends with 1 where a promise is broken, keeps the game, and opens it again', async () => {
    const file = join(directory, 'ties.json');
    const lines = ['multicast 0 1', 'auto until broken', `save ${file}`, 'svg', 'quit', 'state'];
    const { status, text } = await play(lines, { ordering: TIES, peers: 2 });
    expect(status).toBe(1);
    expect(text).not.toContain('> state');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ broke: 'total', peers: 2 });
    const svg = /Written: (.*\.svg)/.exec(text)![1]!;
    expect(existsSync(svg)).toBe(true);
    const again = await play(['undo'], { from: file });
    expect(again.status).toBe(0);
    expect(again.text).toContain('BROKEN since step 7: total');
  });

  test('echoes nothing that steers a terminal, and no more of a long line than tells which', async () => {
    const lines = ['\u001b[2Jstate', `deliver ${'1 '.repeat(10_000)}`];
    const { text } = await play(lines, { ordering: 'unordered', peers: 2 });
    expect(text).not.toContain('\u001b');
    expect(text.length).toBeLessThan(3_000);
  });

  test('says why a game cannot be kept, once', async () => {
    const file = join(TIES, 'game.json');
    const { text } = await play([`save ${file}`], { ordering: 'unordered' });
    expect(text.split('\n').at(-1)).toMatch(/^Not done: /);
    expect(text.match(/cannot be written/g)).toHaveLength(1);
  });

  test('says that a game was played with another ordering', async () => {
    const file = join(directory, 'lamport.json');
    await play(['multicast 0', `save ${file}`], { ordering: 'lamport' });
    const { text } = await play([], { ordering: 'fifo', from: file });
    expect(text).toContain('They were played with lamport.');
    expect((await play([], { ordering: 'lamport', from: file })).text).not.toContain('played with');
  });

  test('opens a scenario of check, and says that it is the same run', async () => {
    const file = join(directory, 'scenario.json');
    const scenario = drawScenario(1, { peersMax: 3, faults: new Set(), minorityOnly: true });
    writeFileSync(file, JSON.stringify({ ...scenario, messages: 2 }));
    const { status, text } = await play([], { ordering: 'skeen', from: file });
    expect([status, text]).toEqual([
      0,
      expect.stringMatching(/everybody does\s+the\s+same\s+here/),
    ]);
  });

  test.each([
    [{}, /^play needs an ordering, such as "mpcomm play lamport"/],
    [{ ordering: 'none' }, /none/],
    [
      { ordering: 'fifo', from: 'no-such-file.json' },
      /^no-such-file.json cannot be read: there is no such file$/,
    ],
    [
      { ordering: 'fifo', from: TIES },
      /cannot be read: it is no JSON, as scenarios and games are \(.*\)$/,
    ],
    [
      { from: 'x.json', peers: 2 },
      /^--from says how many play, and what with; it goes without --peers/,
    ],
    [{ ordering: 'no-such.ts' }, /^there is no file no-such.ts/],
  ])('is refused with the reason: %j', async (options, reason) => {
    await expect(play([], options)).rejects.toThrow(reason);
  });

  test('wants to be told of which ordering a file is that does not say', async () => {
    const game = join(directory, 'nameless.json');
    writeFileSync(game, '{"peers": 2, "messages": 1, "choices": ["multicast 0", "lose 0>1#5"]}');
    await expect(play([], { from: game })).rejects.toThrow(/does not say with which ordering/);
    const { text } = await play([], { from: game, ordering: 'fifo' });
    expect(text.replaceAll('\n', ' ')).toMatch(
      /has 2 steps; step 2, "lose 0>1#5", is not possible here/,
    );
  });
});

test('an ordering that loops without an end is ended, and the game is where it was before', async () => {
  const file = join(directory, 'loops.ts');
  const create = `export function create(group, out) {
    return {
      deadline: Infinity, held: 0,
      multicast: (now, message) => out.multicast(message),
      receive: () => { for (;;); },
      advance: () => undefined,
    };
  }
  export const guarantees = ['integrity'];`;
  writeFileSync(file, create);
  const origin = { source: { ordering: file }, from: null, setup: { peers: 2, messages: 1 } };
  const table = await openTable(origin, PLAIN, 1_500);
  try {
    await table.obey('multicast 0');
    const stuck = await table.obey('deliver 1');
    expect(stuck.text).toMatch(/^Not done: the ordering did not come back within 1.5 s/);
    const state = await table.obey('state');
    expect(state.choices).toEqual(['multicast 0']);
    expect(state.text).toContain('1  0>1  data(0,0)');
  } finally {
    await table.close();
  }
});

test.each([...ORDERINGS.keys()])(
  '%s can be played to a good end by a kind network',
  async (name) => {
    const { status, text } = await play(['auto until delivered', 'judge'], { ordering: name });
    expect(text).toMatch(/Done, after \d+ steps\.\n/);
    expect(status).toBe(0);
  },
);
