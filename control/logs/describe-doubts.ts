import { HAPPENING } from './fields/happenings.ts';
import type { RunOfLogs } from './run-of-logs.ts';
import { nameMessage, nameOfPeer } from './names-of-run.ts';
import { listNames } from './senders/owners.ts';
import type { ToldOfLogs } from './told.ts';

/**
 * What looks wrong about the names of senders, and about the numbers of messages where these were not told:
 * sentences for a person.
 */
export function describeDoubts(run: RunOfLogs, told: ToldOfLogs): string[] {
  const names = run.set.shown.senders.map((sender) => run.set.parties.senders[sender]!);
  const ofNames = [...describeCase(names), ...describeLostCharacters(names)];
  if (told.messages !== null) return ofNames;
  return [...ofNames, ...describeUnequal(run), ...describeIgnored(run)];
}

/** Senders whose names differ in nothing but large and small letters, as of programs that differ in them. */
function describeCase(names: readonly string[]): string[] {
  const alike = new Map<string, string[]>();
  for (const name of names) {
    const key = name.toLowerCase();
    alike.set(key, [...(alike.get(key) ?? []), name]);
  }
  const groups = [...alike.values()].flatMap((each) =>
    each.length > 1 ? [each.join(' and ')] : [],
  );
  if (groups.length === 0) return [];
  return [
    `Senders are equal but for case, and are taken for different ones: ${listNames(groups)}.`,
  ];
}

/** Names in which whoever wrote the log had lost characters already: one may stand for several senders. */
function describeLostCharacters(names: readonly string[]): string[] {
  const doubtful = names.filter((name) => name.includes('\ufffd'));
  if (doubtful.length === 0) return [];
  return [
    `Names have U+FFFD where a program could not read a character: ${listNames(doubtful)}. Senders whose ` +
      'names differed there have become one.',
  ];
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
