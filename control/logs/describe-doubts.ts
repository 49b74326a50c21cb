import { HAPPENING } from './fields/happenings.ts';
import type { RunOfLogs } from './run-of-logs.ts';
import { nameMessage, nameOfPeer } from './names-of-run.ts';
import type { ToldOfLogs } from './told.ts';

/** What looks wrong about the numbers of messages, where these were not told: sentences for a person. */
export function describeDoubts(run: RunOfLogs, told: ToldOfLogs): string[] {
  if (told.messages !== null) return [];
  return [...describeUnequal(run), ...describeIgnored(run)];
}

/** Peers that show fewer messages than others do: nobody can tell whether the rest was lost. */
function describeUnequal(run: RunOfLogs): string[] {
  const { sendings, crashed, messages, set } = run;
  if (set.owners.by === 'unknown') return [];
  const fewer = sendings.flatMap(({ told, presumed }, log) => {
    const isFewer = told === null && presumed < messages && !crashed.has(log);
    return isFewer ? [`${nameOfPeer(run, log)} (${presumed})`] : [];
  });
  if (fewer.length === 0) return [];
  return [
    `Fewer messages than the ${messages} of others are shown of ${fewer.join(', ')}. If each multicast ` +
      `${messages}, --messages ${messages} says so, and what nobody delivered is then missing.`,
  ];
}

/** For each log, the first delivery that cannot be of a message that was multicast. */
function describeIgnored(run: RunOfLogs): string[] {
  const { set, senderAt, numbering, sendings, others, messages } = run;
  const slotOf = new Map(senderAt.map((sender, slot) => [sender, slot]));
  const most = [
    ...sendings.map((each, log) =>
      run.crashed.has(log) ? messages : (each.told ?? each.presumed),
    ),
    ...others,
  ];
  const told = new Set<string>();
  return set.logs.flatMap(({ columns }, log) => {
    let position = -1;
    for (let row = 0; row < columns.length; row += 1) {
      if (columns.happenings[row] === HAPPENING.multicast) continue;
      position += 1;
      const [sender, number] = [columns.senders[row]!, columns.numbers[row]!];
      const slot = slotOf.get(sender)!;
      if (numbering.place(sender, number) < (most[slot] ?? 0)) continue;
      const name = nameMessage(run, sender, number);
      if (told.has(name)) continue;
      told.add(name);
      return [
        `Nobody is taken to have multicast ${name}, which ` +
          `${set.parties.files[log]!} shows at position ${position}: nothing else bears it out.`,
      ];
    }
    return [];
  });
}
