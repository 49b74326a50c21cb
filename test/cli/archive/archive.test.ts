import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { openBackend } from '../../../backend/open-backend.ts';
import { Archive } from '../../../cli/archive/archive.ts';
import { runsCommand, showCommand } from '../../../cli/archive/archive-commands.ts';
import { paths } from '../../../control/documents.ts';
import { stateDirectoryAt, type StateDirectory } from '../../../local/state-directory.ts';
import { begunRun } from '../../support/control-fixtures.ts';
import { recordedContext } from '../../support/recorded-context.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { sampleComparison } from '../render/sample-comparison.ts';

const folder = temporaryDirectory();
const KEPT = '20260131-235959-0a1b2c3d';
let directory: StateDirectory;
/** Makes a run that only the store knows. */
let stored: string;
let count = 0;

beforeEach(async () => {
  directory = stateDirectoryAt(join(folder, String((count += 1))));
  mkdirSync(dirname(directory.comparisonFile(KEPT)), { recursive: true });
  const backend = await openBackend({ MPCOMM_STATE_FILE: directory.stateFile });
  stored = (await begunRun(backend, Date.now())).runId;
  const fields = { ...sampleComparison(), runId: stored };
  await backend.store.create(paths.comparison(stored), fields);
  await backend.close();
  writeFileSync(
    directory.comparisonFile(KEPT),
    JSON.stringify({ ...sampleComparison(), runId: KEPT }),
  );
});

async function runs() {
  const { context, data, notes } = recordedContext();
  const options = { state: directory.path, last: 20, json: true };
  const status = await runsCommand(context, options);
  const ids = (JSON.parse(data.join('\n')) as { runId: string }[]).map(({ runId }) => runId);
  return { status, ids, notes };
}

async function show(wanted: string) {
  const { context, data, notes } = recordedContext();
  const status = await showCommand(context, wanted, { state: directory.path, json: true });
  const { runId } = JSON.parse(data.join('\n')) as { runId: string };
  return { status, runId, notes };
}

function overwrite(from: number): void {
  const bytes = readFileSync(directory.stateFile);
  bytes.fill(0xab, from);
  writeFileSync(directory.stateFile, bytes);
}

describe('an archive', () => {
  test('has the runs of the store and those that were kept outside of it', async () => {
    expect(await runs()).toEqual({ status: 0, ids: [KEPT, stored].sort(), notes: [] });
    expect(await show(KEPT)).toMatchObject({ runId: KEPT });
    expect(await show(stored)).toMatchObject({ runId: stored });
  });

  test('has the comparison of a run that is compared while it looks', async () => {
    const archive = await Archive.open(recordedContext().context, { state: directory.path });
    const { store } = archive.opened!;
    const read = store.read.bind(store);
    let looks = 0;
    jest.spyOn(store, 'read').mockImplementation(async (path) => {
      if (path === paths.comparison(stored) && (looks += 1) === 1) return undefined;
      return read(path);
    });
    const archived = await archive.read(stored);
    await archive.close();
    expect(archived).toMatchObject({ phase: 'compared', comparison: { runId: stored } });
  });

  test.each([
    ['from its beginning', 0],
    ['behind its header', 100],
    ['behind its first page', 4_096],
  ])(
    'whose store is damaged %s shows what was kept, and says why no more',
    async (_where, from) => {
      overwrite(from);
      const listed = await runs();
      expect(listed).toMatchObject({ status: 0, ids: [KEPT] });
      expect(listed.notes[0]).toMatch(
        /state\.sqlite is .*damaged.*; move it away .* kept outside/s,
      );
      expect(listed.notes).toHaveLength(1);
      for (const wanted of [KEPT, 'last']) {
        const shown = await show(wanted);
        expect(shown).toMatchObject({ status: 0, runId: KEPT });
        expect(shown.notes[0]).toContain('damaged');
      }
    },
  );

  test('leaves out a run of which nothing can be read, and names it', async () => {
    const backend = await openBackend({ MPCOMM_STATE_FILE: directory.stateFile });
    await backend.store.replace(paths.run(stored), { nonsense: true });
    await backend.store.replace(paths.comparison(stored), { nonsense: true });
    await backend.close();
    expect(await runs()).toEqual({
      status: 0,
      ids: [KEPT],
      notes: [`Of these runs nothing can be read: ${stored}.`],
    });
    await expect(show(stored)).rejects.toThrow('another version');
  });

  test('is not ended by a kept file that is damaged', async () => {
    writeFileSync(directory.comparisonFile(KEPT), '{"runId":');
    const listed = await runs();
    expect(listed.ids).toEqual([stored]);
    expect(listed.notes).toEqual([`Of these runs nothing can be read: ${KEPT}.`]);
    await expect(show(KEPT)).rejects.toThrow(`run ${KEPT} cannot be read`);
  });

  test('creates nothing where nothing is', async () => {
    const { context, notes } = recordedContext();
    const state = join(folder, 'nowhere');
    expect(await runsCommand(context, { state, last: 20 })).toBe(0);
    expect(notes[0]).toContain('There are no runs in');
    expect(() => readFileSync(state)).toThrow('ENOENT');
  });
});
