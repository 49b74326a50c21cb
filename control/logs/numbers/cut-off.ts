import { HAPPENING } from '../fields/happenings.ts';
import type { LogColumns } from '../log-columns.ts';
import type { Owners } from '../senders/parties.ts';
import type { Announcements } from './announcements.ts';
import { isSeveral, onlyBy, type ShownNumbers } from './shown-numbers.ts';

/** What is known of the logs, of which some tell what their peers multicast. */
interface Told {
  readonly logs: readonly { readonly columns: LogColumns }[];
  readonly shown: ShownNumbers;
  readonly announcements: readonly (Announcements | null)[];
  readonly owners: Owners;
}

/**
 * Whether a log that tells what its peer multicast seems to be cut off, as of a peer that was killed: others show messages of the
 * peer behind the last one that it tells of, and it lacks something else that exists, or all others, of which there are several,
 * show these. Otherwise what is shown of the peer was invented.
 */
export function isCutOff({ logs, shown, announcements, owners }: Told, log: number): boolean {
  const own = owners.senderOf[log]!;
  if (own < 0) return false;
  const last = announcements[log]?.numbers.at(-1) ?? -1;
  const further = [...shown.bySender[own]!].flatMap(([number, by]) =>
    number > last && by !== onlyBy(log) ? [number] : [],
  );
  if (further.length === 0) return false;
  const [mine, ...others] = [logs[log]!, ...logs.filter((_, other) => other !== log)].map(
    ({ columns }) => deliveredIn(columns, shown.bySender.length),
  );
  if (further.some((number) => mine![own]!.has(number))) return false;
  const areEverywhere = further.some((number) => others.every((each) => each[own]!.has(number)));
  if (others.length > 1 && areEverywhere) return true;
  return shown.bySender.some((numbers, sender) => {
    const told = announcements[owners.senderOf.indexOf(sender)]?.numbers ?? [];
    const several = [...numbers].flatMap(([number, by]) => (isSeveral(by) ? [number] : []));
    const exist = sender === own ? told : [...told, ...several];
    return exist.some((number) => !mine![sender]!.has(number));
  });
}

function deliveredIn({ senders, numbers, happenings }: LogColumns, count: number): Set<number>[] {
  const delivered = Array.from({ length: count }, () => new Set<number>());
  for (let row = 0; row < senders.length; row += 1) {
    if (happenings[row] === HAPPENING.delivery) delivered[senders[row]!]!.add(numbers[row]!);
  }
  return delivered;
}
