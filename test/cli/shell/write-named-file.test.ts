import { lstatSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { writeNamedFile } from '../../../cli/shell/write-named-file.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const folder = temporaryDirectory();

test('a file is replaced where it lies, behind a link as well, and stays as readable as it was', async () => {
  const [file, link] = [join(folder, 'file.svg'), join(folder, 'link.svg')];
  writeFileSync(file, 'before', { mode: 0o640 });
  symlinkSync(file, link);
  const { ino } = statSync(file);
  await writeNamedFile(link, 'after');
  expect(readFileSync(file, 'utf8')).toBe('after');
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(statSync(file).mode & 0o777).toBe(0o640);
  // Another file took its place in one step.
  expect(statSync(file).ino).not.toBe(ino);
});

test('what is no file is written into, not replaced, and what cannot be written is said', async () => {
  await writeNamedFile('/dev/null', 'nothing');
  expect(lstatSync('/dev/null').isFile()).toBe(false);
  const taken = join(folder, 'taken');
  mkdirSync(taken);
  await expect(writeNamedFile(taken, '', '--svg')).rejects.toThrow(
    `--svg ${taken} cannot be written: it is a directory`,
  );
  const absent = join(folder, 'no-such', 'file.svg');
  await expect(writeNamedFile(absent, '')).rejects.toThrow(`${absent} cannot be written: nothing`);
  expect(readdirSync(folder).filter((name) => name.includes('draft'))).toEqual([]);
});
