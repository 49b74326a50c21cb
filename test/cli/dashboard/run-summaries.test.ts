import { expect, test } from '@jest/globals';
import { RunSummaries } from '../../../cli/dashboard/run-summaries.ts';
import type { Archive } from '../../../cli/archive/archive.ts';

/** An archive with `count` runs whose line says no more than their id. */
function archiveOf(count: number): Archive {
  const ids = Array.from({ length: count }, (_, run) => `run-${String(run).padStart(4, '0')}`);
  return {
    runIds: async (last: number) => ids.slice(-last),
    read: async (runId: string) => ({ runId, run: null, phase: 'running', comparison: null }),
  } as unknown as Archive;
}

async function listed(count: number, search: string, limit: number) {
  const { runs, searched, more } = await new RunSummaries().list(archiveOf(count), search, limit);
  return [runs.length, searched, more];
}

test('there is more where a greater limit brings it, and not before the runs that are looked at', async () => {
  expect(await listed(600, '', 25)).toEqual([25, 25, true]);
  expect(await listed(25, '', 25)).toEqual([25, 25, false]);
  expect(await listed(600, '', 500)).toEqual([500, 500, false]);
  expect(await listed(600, 'run-0050', 25)).toEqual([0, 500, false]);
  expect(await listed(600, 'run-059', 5)).toEqual([5, 5, true]);
  expect(await listed(600, 'run-059', 10)).toEqual([10, 10, true]);
  expect(await listed(600, 'run-059', 25)).toEqual([10, 500, false]);
});
