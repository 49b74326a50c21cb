import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { comparisonSchema, type Comparison } from '../../../control/comparison-document.ts';
import { runHere } from '../../support/run-command.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const folder = temporaryDirectory();
const LOG = '[(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1), (0, 2), (1, 2), (2, 2)]';
const files = [LOG, LOG, '[(0, 0), (1, 0), (2, 0), (0, 1)]'].map((text, peer) => {
  return write(`${peer}.log`, text);
});

function write(name: string, text: string | Buffer): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** Runs `mpcomm compare` in this process. */
const compare = (...words: string[]) => runHere('compare', ...words);

async function document(...words: string[]): Promise<Comparison> {
  return comparisonSchema.parse(JSON.parse((await compare(...words, '--json')).text));
}

describe('flags', () => {
  const standings = async (...words: string[]) =>
    (await document(...words)).perPeer.map(({ standing }) => standing === 'crashed');

  test('--crashed may stand anywhere, be given again, and take several peers', async () => {
    const third = [false, false, true];
    expect(await standings(...files, '--crashed', '2')).toEqual(third);
    expect(await standings('--crashed', '2', ...files)).toEqual(third);
    expect(await standings(...files, '--crashed', files[2]!)).toEqual(third);
    const both = [false, true, true];
    expect(await standings(...files, '--crashed', '1,2')).toEqual(both);
    expect(await standings(...files, '--crashed', '1', '--crashed', '2')).toEqual(both);
    expect(await standings(...files, '--crashed', '1', '2')).toEqual(both);
  });

  test('a number is a file where it is one, and an absent file where nobody crashed', async () => {
    await expect(compare(...files, '7')).rejects.toThrow('7 cannot be read');
    const named = ['a/0', 'a/1'].map((name) => write(name, '[(0, 0), (1, 0)]'));
    expect(await standings(...named, '--crashed', '1')).toEqual([false, true]);
  });

  test('--messages, --first, --senders and --fields are handed on', async () => {
    const rows = '[{"seq": 5, "port": 7}, {"seq": 5, "port": 8}]';
    const [first, second] = ['x.log', 'y.log'].map((name) => write(name, rows));
    const told = ['--fields', 'port,seq', '--senders', '7, 8', '--first', '4', '--messages', '3'];
    const { reading, rounds, messages } = await document(first!, second!, ...told);
    expect({ reading, rounds, messages }).toMatchObject({
      reading: { senders: ['7', '8'], first: 4 },
      rounds: 6,
      messages: 3,
    });
  });

  test.each([
    [['--fields', 'sender'], 'two fields'],
    [['--fields', '1,1'], '"1" is there twice'],
    [['--senders', 'a,,b'], 'a name for each file'],
    [['--senders', 'a,a,b'], '"a" is there twice'],
    [['--first', '-1'], 'a whole number from 0'],
    [['--messages', '0'], 'a whole number from 1'],
    [['--crashed', ','], 'peers, such as 2 or 1,2'],
  ])('%j is refused', async (words, allowed) => {
    await expect(compare(...files, ...words)).rejects.toThrow(allowed);
  });
});

test('what was read, and as what, is told to a person', async () => {
  const { text, status } = await compare(...files, '--crashed', '2');
  expect(status).toBe(0);
  expect(text).toMatch(/^3 logs compared, /);
  expect(text).toContain('Each log is a list of tuples; (0, 0) is message 0 of sender 0');
  expect(text).toMatch(/agreement +held/);
  expect(text).toContain('crashed, as was told, after 4 deliveries');
});
