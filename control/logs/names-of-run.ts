import type { Names } from '../../core/judge/comparison.ts';
import { spellUnprintable } from '../printable.ts';
import type { RunOfLogs } from './run-of-logs.ts';

/** What sentences call the peers and messages of logs: as the logs do, where that can be printed. */
export function namesOf(run: RunOfLogs): Names {
  const { senderAt, numbering } = run;
  return {
    peer: (log) => nameOfPeer(run, log),
    message: (slot, place) => {
      const sender = senderAt[slot] ?? -1;
      const name = sender < 0 ? nameOfSilent(run, slot) : run.set.parties.senders[sender]!;
      return `(${spellUnprintable(name)}, ${numbering.number(sender, place)})`;
    },
  };
}

/** `peer 3`, or the file where nobody knows whose log it is. */
export function nameOfPeer({ set }: RunOfLogs, log: number): string {
  const { owners, parties } = set;
  const name = owners.names[log] ?? null;
  return spellUnprintable(name === null ? baseName(parties.files, log) : `peer ${name}`);
}

/** A message as the logs have it. */
export function nameMessage(
  { set }: Pick<RunOfLogs, 'set'>,
  sender: number,
  number: number,
): string {
  return `(${spellUnprintable(set.parties.senders[sender]!)}, ${number})`;
}

/** The name of a peer of which no message is shown. */
function nameOfSilent({ set }: RunOfLogs, log: number): string {
  return set.owners.names[log] ?? baseName(set.parties.files, log);
}

/** The last part of a file's name, where that tells it from the others. */
function baseName(files: readonly string[], log: number): string {
  const names = files.map((file) => file.slice(file.lastIndexOf('/') + 1));
  const name = names[log]!;
  return names.indexOf(name) === names.lastIndexOf(name) ? name : files[log]!;
}
