import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { mayStray } from '../../../cli/ordering/stray-effects.ts';
import { adviseOnSource } from '../../../cli/ordering/type-check.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const ROOT = join(import.meta.dirname, '../../..');
const directory = temporaryDirectory();

test('says that the template has no error, and names the version', async () => {
  const ordering = join(ROOT, 'examples/my-ordering.ts');
  const { text, strays } = await adviseOnSource({ ordering });
  expect(strays).toEqual([]);
  expect(text).toMatch(/checked by TypeScript \d+\.\d+\.\d+, no error\.$/);
});

test('names line and column of what is wrong, and that the file runs all the same', async () => {
  const ordering = join(directory, 'wrong.ts');
  writeFileSync(ordering, "export const held: number = 'none';\n");
  const { text } = await adviseOnSource({ ordering });
  expect(text).toMatch(
    /finds an error \(the file runs all the same\):\n {2}.*wrong\.ts:1:14: Type/,
  );
});

test('knows what Node has, for whoever looks into a file or prints something', async () => {
  const ordering = join(directory, 'reads.ts');
  writeFileSync(
    ordering,
    "import { readFileSync } from 'node:fs';\nconsole.log(readFileSync('x').length);\n",
  );
  expect((await adviseOnSource({ ordering })).text).toMatch(/, no error\.$/);
});

test('names what is not in the run, or in no seed, with what to use instead', async () => {
  const ordering = join(directory, 'strays.ts');
  writeFileSync(
    ordering,
    [
      'const begun = Date.now();',
      'export async function receive(now: number): Promise<Date> {',
      '  await Promise.resolve();',
      '  if (Math.random() < 0.5) queueMicrotask(() => undefined);',
      '  return Math.floor(now) > 0 ? new Date(begun) : new Date();',
      '}',
      'export function multicast(): void {',
      '  new Promise(() => undefined).then(() => undefined);',
      '}',
    ].join('\n'),
  );
  const { text, strays } = await adviseOnSource({ ordering });
  expect(strays).toHaveLength(7);
  const beyond = text!.split('Not in the run, or in no seed:\n')[1]!.split('\n');
  // What a file does once, when it is loaded, and a date that is given are no findings.
  expect(beyond).toEqual([
    expect.stringMatching(/strays\.ts:2:1: async: what it throws is seen by nobody/),
    expect.stringMatching(/strays\.ts:3:3: await: what follows it is not in the run/),
    expect.stringMatching(/strays\.ts:4:7: Math\.random: is in no seed; take group\.random/),
    expect.stringMatching(/strays\.ts:4:28: queueMicrotask: what it does is not in the run/),
    expect.stringMatching(/strays\.ts:5:50: new Date: is not the time of the run; take now/),
    '  ... and 2 more',
  ]);
});

test('names what Node draws by and measures with, in JavaScript and in what that imports', async () => {
  const ordering = join(directory, 'draws.mjs');
  writeFileSync(
    ordering,
    [
      "import * as crypto from 'node:crypto';",
      "import { randomInt } from 'node:crypto';",
      "export { receive } from './later.mjs';",
      'export const multicast = () => randomInt(2) + crypto.randomBytes(1)[0];',
    ].join('\n'),
  );
  const later = 'export const receive = () => process.hrtime.bigint();';
  writeFileSync(join(directory, 'later.mjs'), later);
  const { text } = await adviseOnSource({ ordering });
  expect(text!.split('\n')).toEqual([
    'Not in the run, or in no seed:',
    expect.stringMatching(/later\.mjs:1:30: process\.hrtime\.bigint: is not the time of the run/),
    expect.stringMatching(/draws\.mjs:4:32: randomInt: is in no seed; take group\.random/),
    expect.stringMatching(/draws\.mjs:4:47: crypto\.randomBytes: is in no seed/),
  ]);
});

test('takes no source for one with such places that has none of their words', () => {
  expect(mayStray('out.multicast(message.withTimestamp(now)); group.random();')).toBe(false);
  for (const use of ['setTimeout(f, 1)', 'Date.now()', 'Math.random()', 'p.then(f)', 'await p']) {
    expect(mayStray(use)).toBe(true);
  }
});

test.each([{ ordering: 'fifo' }, { ordering: 'mine.js' }, { exec: 'python3 mine.py' }])(
  'says nothing of %j',
  async (source) => {
    expect(await adviseOnSource(source)).toEqual({ text: null, strays: [] });
  },
);
