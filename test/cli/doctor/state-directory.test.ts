import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { gatherLocalFacts } from '../../../cli/doctor/local-facts.ts';
import { stateDirectoryAt } from '../../../local/state-directory.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const folder = temporaryDirectory();
const file = join(folder, 'file.md');
const half = join(folder, 'half');

test('a state directory that cannot be one is found out, and none is made for that', async () => {
  writeFileSync(file, '');
  mkdirSync(half);
  writeFileSync(join(half, 'logs'), '');
  const said = async (path: string) =>
    (await gatherLocalFacts(stateDirectoryAt(path))).stateDirectory;
  for (const path of [file, join(file, 'inside', 'state')]) {
    expect(await said(path)).toMatchObject({
      known: false,
      why: expect.stringContaining(`${file}: is no`),
    });
  }
  expect(await said(half)).toMatchObject({
    known: false,
    why: expect.stringContaining('logs: is no dir'),
  });
  const fine = join(folder, 'not', 'yet');
  expect(await said(fine)).toMatchObject({ known: true, fact: fine });
});
