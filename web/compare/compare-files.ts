import type { Comparison } from '../../control/comparison-document.ts';
import { compareWithMembers } from '../../control/logs/compare-logs.ts';
import { decodeLog, type DecodeBytes } from '../../control/logs/decode-log.ts';
import type { ToldOfLogs } from '../../control/logs/told.ts';
import { type DeliveredColumns, markRounds } from '../shared/rounds-view.ts';

/** A file that somebody dropped, as bytes: what form it has is found out. */
export interface DroppedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What the page shows of compared logs. */
export interface ComparedFiles {
  readonly comparison: Comparison;
  readonly columns: readonly DeliveredColumns[];
  readonly marks: Uint8Array;
}

const decode: DecodeBytes = (bytes, encoding, fatal) => {
  return new TextDecoder(encoding, { fatal }).decode(bytes);
};

/** @throws LogError for what cannot be read, or could be read in several ways. */
export function compareFiles(
  files: readonly DroppedFile[],
  told: Partial<ToldOfLogs>,
  nowMs: number,
): ComparedFiles {
  const texts = files.map(({ name, bytes }) => decodeLog(name, bytes, decode));
  const { comparison, members } = compareWithMembers(texts, told, nowMs);
  const columns = members.map(({ sequence }) => ({
    senders: sequence.senders.slice(),
    sequences: sequence.sequences.slice(),
  }));
  return { comparison, columns, marks: markRounds(columns, comparison.rounds) };
}
