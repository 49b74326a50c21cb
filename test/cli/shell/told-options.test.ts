import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { runHere } from '../../support/run-command.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const directory = temporaryDirectory();
const here = (line: string): Promise<unknown> => runHere(...line.split(' '));

test.each([
  ['--restart 1@9-5', 'FROM (9 ms) is after TO (5 ms)'],
  ['--pause 1@9-5', 'FROM (9 ms) is after TO (5 ms)'],
  ['--clog 0>1@9-5+3', 'FROM (9 ms) is after TO (5 ms)'],
  ['--crash 5@100', '--crash names member 5; allowed with 3 peers: 0 to 2'],
  ['--partition 0,7|1@1-2', '--partition names member 7; allowed with 3 peers: 0 to 2'],
  ['--late 5@100', '--late names member 5; allowed with 3 peers: 0 to 2'],
  ['--skew 1@2 --skew 1@3', '--skew names member 1 twice; allowed: once a member'],
  ['--skew 1@0.001', 'The rate is 0.001. Allowed: a number from 0.01 to 100'],
  ['--crash 1@99999999999', '99999999999 is too large. Allowed: at most 4294967.295 ms'],
  ['--delay constant:1e12', '1e12 is too large. Allowed: at most 4294967.295 ms'],
  ['--messages 1000000', 'allowed with 3 peers: 1 to 14913080, since'],
  ['--interval 5-', 'or one number for both'],
  ['--burst 3', '--burst says how many packets are lost in a row; it needs --loss P'],
  ['--json --svg -', 'takes a file, and "-" is none'],
  ['--trace -', 'takes a file, and "-" is none'],
])('simulate %s is told of the option, and not of a scenario', async (words, told) => {
  const peers = words.startsWith('--messages') ? '4096' : '3';
  const expected = told.replace('3 peers: 1 to 14913080', '4096 peers: 1 to 8');
  await expect(here(`simulate --peers ${peers} ${words}`)).rejects.toThrow(expected);
});

test('compare tells that two fields are the same', async () => {
  await expect(here('compare a b --fields 1,1')).rejects.toThrow('"1" is there twice');
});

test('play tells in one sentence that a file is none of its own', async () => {
  const file = join(directory, 'package.json');
  writeFileSync(file, '{"name":"x","version":"1"}');
  const played = runHere('play', 'fifo', '--from', file);
  await expect(played).rejects.toThrow(/is neither a scenario nor a game: it has none of peers/);
});

test('check replaces no file of another kind, and keeps nothing beside a folder', async () => {
  const source = join(directory, 'mine.ts');
  writeFileSync(source, 'export const survives = 1;\n');
  await expect(runHere('check', 'fifo', '--seeds', '1', '--save', source)).rejects.toThrow(
    /would replace a file that is no counterexample/,
  );
  expect(readFileSync(source, 'utf8')).toBe('export const survives = 1;\n');
  await expect(runHere('check', 'fifo', '--seeds', '1', '--save', directory)).rejects.toThrow(
    /is a directory; allowed is a file/,
  );
  expect(existsSync(`${directory}.steps.json`)).toBe(false);
});

test('a file is no state directory', async () => {
  const file = join(directory, 'file');
  writeFileSync(file, '');
  await expect(runHere('runs', '--state', file)).rejects.toThrow(/file is no directory; allowed/);
});
