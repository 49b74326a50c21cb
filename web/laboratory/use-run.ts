import type { LaboratoryStatus, RunDetail } from '../../control/api/dashboard-documents.ts';
import { liveStatus } from './live-status.ts';
import { type ReadState, useDocument } from './use-document.ts';

/**
 * The run at `path`, read again with whatever is told of the laboratory's runs until it was compared: a page that was
 * not seen need not have been told of its end. A compared run never changes.
 */
export function useRun(path: string): ReadState<RunDetail> {
  return useDocument(path, runsTold(liveStatus.value), isCompared);
}

/** Which runs the laboratory tells of, and how they stand. */
function runsTold(status: LaboratoryStatus | null): string {
  const { progress, latest } = status ?? {};
  return [progress?.runId, progress?.phase, latest?.runId, latest?.state].join(' ');
}

function isCompared({ comparison }: RunDetail): boolean {
  return comparison !== null;
}
