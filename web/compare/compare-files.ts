import type { Comparison } from '../../control/comparison-document.ts';
import { compareWithMembers } from '../../control/logs/compare-logs.ts';
import { type DeliveredColumns, markRounds } from '../shared/rounds-view.ts';
import { decodeLog } from './decode-log.ts';

/** A file that somebody dropped, as bytes: what form it has is found out. */
export interface DroppedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What somebody knows of the logs that these may not say themselves. */
export interface ToldOfFiles {
  /** Messages that each peer multicast; `null` where nothing was said. */
  readonly messages: number | null;
  /** Peers that crashed, by what the logs call them or by their files. */
  readonly crashed: readonly string[];
}

/** What the page shows of compared logs. */
export interface ComparedFiles {
  readonly comparison: Comparison;
  readonly columns: readonly DeliveredColumns[];
  readonly marks: Uint8Array;
}

/** @throws LogError for what cannot be read, or could be read in several ways. */
export function compareFiles(
  files: readonly DroppedFile[],
  told: ToldOfFiles,
  nowMs: number,
): ComparedFiles {
  const texts = files.map(({ name, bytes }) => ({ name, text: decodeLog(bytes) }));
  const { comparison, members } = compareWithMembers(texts, told, nowMs);
  const columns = members.map(({ sequence }) => ({
    senders: sequence.senders.slice(),
    sequences: sequence.sequences.slice(),
  }));
  return { comparison, columns, marks: markRounds(columns, comparison.rounds) };
}
