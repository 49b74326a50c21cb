import { spellUnprintable } from '../../printable.ts';
import { isSeveral, NO_WITNESS } from '../numbers/shown-numbers.ts';
import { LogError } from '../text/log-text.ts';
import { OWNER_RULES } from './owner-rules.ts';
import type { Owners, Parties } from './parties.ts';

/** The most names that a sentence tells. */
const NAMES_TOLD_MAX = 8;

/**
 * Finds out whose log is whose, from what was told or by the first rule that fits all senders. One
 * message that no other log knows must not decide that. So where no rule fits all senders, the rules
 * are tried on the senders that several logs show, and then on those that the files seem to be of,
 * since the logs of others may be missing. Where still no rule fits, no log is taken for anybody's.
 * @throws LogError where what was told does not fit the logs.
 */
export function findOwners(parties: Parties, told: readonly string[] | null): Owners {
  if (told !== null) return toldOwners(parties, told);
  const all = sendersIn(parties);
  if (all.length === 0) return unshown(parties);
  const several = all.filter((sender) => isSeveral(parties.witnesses[sender]!));
  for (const group of [all, several, sendersOfFiles(parties, all)]) {
    if (group.length === 0) continue;
    for (const rule of OWNER_RULES) {
      const owners = rule(parties, group);
      if (owners !== null) return owners;
    }
  }
  return nobody(parties);
}

function sendersIn({ senders, witnesses, multicasters }: Parties): number[] {
  return senders.flatMap((_name, sender) =>
    witnesses[sender] !== NO_WITNESS || multicasters.includes(sender) ? [sender] : [],
  );
}

/** The senders that files are named after, if most are; or one for each file, by its place. */
function sendersOfFiles(
  { fileNumbers, senders, files }: Parties,
  all: readonly number[],
): number[] {
  const called = (numbers: readonly number[]) =>
    all.filter((sender) => numbers.some((number) => senders[sender] === String(number)));
  const byName = called(fileNumbers ?? []);
  if (byName.length > 1 && byName.length * 2 > all.length) return byName;
  const byPlace = called([...files.keys()]);
  return byPlace.length === files.length ? byPlace : [];
}

/** Owners where no message is shown: peers are called by the numbers of their files, or by their places. */
function unshown({ files, fileNumbers }: Parties): Owners {
  const names = files.map((_file, log) => String(fileNumbers?.[log] ?? log));
  return { senderOf: files.map(() => -1), names, by: 'order' };
}

function nobody({ files }: Parties): Owners {
  return { senderOf: files.map(() => -1), names: files.map(() => null), by: 'unknown' };
}

function toldOwners({ files, senders, witnesses }: Parties, told: readonly string[]): Owners {
  if (told.length !== files.length) {
    const amounts = `${told.length} given for ${files.length} files`;
    throw new LogError(`--senders names the sender of each file, in their order: ${amounts}`);
  }
  const senderOf = told.map((name) => senders.indexOf(name));
  const shown = senders.filter((_name, sender) => witnesses[sender] !== NO_WITNESS);
  if (shown.length > 0 && senderOf.every((sender) => sender < 0)) {
    throw new LogError(`--senders names nobody whom the logs show: they show ${listNames(shown)}`);
  }
  return { senderOf, names: told, by: 'told' };
}

/** Lists names as `a, b, c`, in characters that can be printed, and how many more there are. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_TOLD_MAX).map(spellUnprintable).join(', ');
  const more = names.length - NAMES_TOLD_MAX;
  return more > 0 ? `${shown} and ${more} more` : shown;
}

/** The same of senders, with that word before them. */
export function nameSenders(names: readonly string[]): string {
  return `${names.length === 1 ? 'sender' : 'senders'} ${listNames(names)}`;
}
