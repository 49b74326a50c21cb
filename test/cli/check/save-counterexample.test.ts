import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { saveCounterexample } from '../../../cli/check/save-counterexample.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mpcomm-'));
});

afterAll(() => rm(folder, { recursive: true }));

test('is kept in folders that are made for it, with its picture beside', async () => {
  const file = join(folder, 'new', 'deep', 'one.json');
  const saved = await saveCounterexample(file, { scenario: '{}', svg: '<svg/>' });
  const diagramFile = join(folder, 'new', 'deep', 'one.svg');
  expect(saved).toEqual({ scenarioFile: file, diagramFile, problem: null });
  expect(await readFile(file, 'utf8')).toBe('{}');
  expect(await readFile(diagramFile, 'utf8')).toBe('<svg/>');
});

test('where nothing can be written is said, with what else there is to do', async () => {
  const saved = await saveCounterexample('/dev/null/odd/one.json', { scenario: '{}', svg: null });
  expect(saved).toMatchObject({ scenarioFile: null, diagramFile: null });
  expect(saved.problem).toMatch(
    /^The counterexample could not be saved \(a part of that path is no directory\); --save FILE or --state DIRECTORY/,
  );
});

test('a picture that cannot be written takes nothing from the scenario, and leaves no draft', async () => {
  const place = join(folder, 'half');
  // A folder of this name stands where the picture would go.
  await mkdir(join(place, 'one.svg', 'taken'), { recursive: true });
  const file = join(place, 'one.json');
  const saved = await saveCounterexample(file, { scenario: '{}', svg: '<svg/>' });
  expect(saved).toMatchObject({ scenarioFile: file, diagramFile: null });
  expect(saved.problem).toMatch(/^The picture of it could not be saved/);
  expect((await readdir(place)).sort()).toEqual(['one.json', 'one.svg']);
});
