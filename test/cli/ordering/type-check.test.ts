import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { adviseOnTypes } from '../../../cli/ordering/type-check.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const ROOT = join(import.meta.dirname, '../../..');
const directory = temporaryDirectory();

test('says that the template has no error, and names the version', async () => {
  const ordering = join(ROOT, 'examples/my-ordering.ts');
  expect(await adviseOnTypes({ ordering })).toMatch(
    /checked by TypeScript \d+\.\d+\.\d+, no error\.$/,
  );
});

test('names line and column of what is wrong, and that the file runs all the same', async () => {
  const ordering = join(directory, 'wrong.ts');
  writeFileSync(ordering, "export const held: number = 'none';\n");
  const advice = await adviseOnTypes({ ordering });
  expect(advice).toMatch(
    /finds an error \(the file runs all the same\):\n {2}.*wrong\.ts:1:14: Type/,
  );
});

test('knows what Node has, for whoever looks into a file or prints something', async () => {
  const ordering = join(directory, 'reads.ts');
  writeFileSync(
    ordering,
    "import { readFileSync } from 'node:fs';\nconsole.log(readFileSync('x').length);\n",
  );
  expect(await adviseOnTypes({ ordering })).toMatch(/, no error\.$/);
});

test.each([{ ordering: 'fifo' }, { ordering: 'mine.js' }, { exec: 'python3 mine.py' }])(
  'says nothing of %j',
  async (source) => {
    expect(await adviseOnTypes(source)).toBeNull();
  },
);
