import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { keptBundle } from '../../../cli/dashboard/kept-bundle.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const root = temporaryDirectory();
const KEPT = join(root, 'cache', 'bundle.json');

/** Bundles two files; gives the bundle as text, and whether it was built now. */
async function bundled(key = 'one', path = KEPT): Promise<[string, boolean]> {
  let isBuilt = false;
  const inputs = ['a.ts', 'b.ts'];
  const bundle = await keptBundle(root, path, key, () => {
    isBuilt = true;
    const content = Buffer.concat(inputs.map((input) => readFileSync(join(root, input))));
    return Promise.resolve({ files: [{ name: 'all.js', content }], inputs });
  });
  expect([bundle.files.length, bundle.files[0]!.name, bundle.inputs]).toEqual([
    1,
    'all.js',
    inputs,
  ]);
  return [Buffer.from(bundle.files[0]!.content).toString(), isBuilt];
}

test('a bundle is built anew where a file of it or its key has changed, and nowhere else', async () => {
  for (const name of ['a', 'b']) writeFileSync(join(root, `${name}.ts`), `${name};`);
  expect(await bundled()).toEqual(['a;b;', true]);
  expect(await bundled()).toEqual(['a;b;', false]);
  writeFileSync(join(root, 'b.ts'), 'c;');
  expect(await bundled()).toEqual(['a;c;', true]);
  expect(await bundled('two')).toEqual(['a;c;', true]);
  expect(await bundled('two')).toEqual(['a;c;', false]);
  // What a process that was killed had begun is no file of this name; whoever cut this one has it written anew.
  writeFileSync(KEPT, readFileSync(KEPT, 'utf8').slice(0, 50));
  expect(await bundled('two')).toEqual(['a;c;', true]);
  expect(await bundled('two')).toEqual(['a;c;', false]);
  expect(readdirSync(join(root, 'cache'))).toEqual(['bundle.json']);
  rmSync(join(root, 'cache'), { recursive: true });
});

test('where nothing can be kept it is built each time', async () => {
  const nowhere = join(root, 'a.ts', 'bundle.json');
  expect(await bundled('one', nowhere)).toEqual(['a;c;', true]);
  expect(await bundled('one', nowhere)).toEqual(['a;c;', true]);
});
