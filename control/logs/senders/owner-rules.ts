import { numbersInNames } from './file-order.ts';
import type { Owners, Parties } from './parties.ts';

/**
 * Finds whose log is whose among `group`, a set of senders by their places; `null` when the rule cannot
 * tell.
 */
export type OwnerRule = (parties: Parties, group: readonly number[]) => Owners | null;

/** The rules, in the order in which they are asked. */
export const OWNER_RULES: readonly OwnerRule[] = [byMulticasts, byNames, byNumbers];

/** Logs that name the sender of their own multicasts say whose they are. */
function byMulticasts({ senders, multicasters }: Parties, group: readonly number[]) {
  const isOfOne = (sender: number) => multicasters.filter((each) => each === sender).length === 1;
  if (group.length === 0 || !group.every(isOfOne)) return null;
  const senderOf = multicasters.map((sender) => (isOfOne(sender) ? sender : -1));
  return {
    senderOf,
    names: senderOf.map((sender) => senders[sender] ?? null),
    by: 'multicasts',
  } as const;
}

/** The rule that `alice.log` is the log of `alice`. */
function byNames({ files, senders }: Parties, group: readonly number[]): Owners | null {
  const words = withoutCommonFolder(files).map((name) => ` ${plain(name)} `);
  const senderOf = files.map(() => -1);
  for (const sender of group) {
    const name = senders[sender]!;
    // Numbers are left to the rule about numbers: a name may have several that mean something else.
    if (/^\d+$/.test(name)) return null;
    const logs = words.flatMap((text, log) => (text.includes(` ${plain(name)} `) ? [log] : []));
    if (logs.length !== 1 || senderOf[logs[0]!] !== -1) return null;
    senderOf[logs[0]!] = sender;
  }
  return { senderOf, names: senderOf.map((sender) => senders[sender] ?? null), by: 'names' };
}

function plain(name: string): string {
  // In the normal form of the senders: macOS parts a letter in the name of a file from its accent.
  return name
    .normalize()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

function withoutCommonFolder(names: readonly string[]): string[] {
  const folders = names.map((name) => name.split('/').slice(0, -1));
  let common = 0;
  while (folders.every((parts) => parts.length > common && parts[common] === folders[0]![common])) {
    common += 1;
  }
  return names.map((name) => name.split('/').slice(common).join('/'));
}

/** The rule that senders which are numbers, or names with one number in each, count as the files do. */
function byNumbers(parties: Parties, group: readonly number[]): Owners | null {
  const names = group.map((sender) => parties.senders[sender]!);
  const areNumbers = names.every((name) => /^\d+$/.test(name));
  const numbers = areNumbers ? names.map(Number) : numbersInNames(names);
  if (numbers === null) return null;
  const found = countFiles(parties, numbers);
  if (found === null) return null;
  const senderOf = found.counted.map((number) => group[numbers.indexOf(number)] ?? -1);
  const called = found.counted.map((number, log) => {
    return areNumbers ? String(number) : (parties.senders[senderOf[log]!] ?? null);
  });
  return { senderOf, names: called, by: found.by };
}

/**
 * What the peer of each file would be called among `numbers`. That is the number in the file's name; or
 * the file's place, counted from 0 or from 1, where only one of the two is possible; or a number that
 * is further than the file's by a fixed step, as ports often are, where only one step is possible.
 */
function countFiles(
  { files, fileNumbers }: Parties,
  numbers: readonly number[],
): { counted: readonly number[]; by: 'numbers' | 'order' } | null {
  if (fileNumbers !== null && isAmong(numbers, fileNumbers)) {
    return { counted: fileNumbers, by: 'numbers' };
  }
  const [fromZero, fromOne] = [0, 1].map((first) => files.map((_file, log) => log + first));
  const [fitsZero, fitsOne] = [isAmong(numbers, fromZero!), isAmong(numbers, fromOne!)];
  if (fitsZero !== fitsOne) return { counted: fitsZero ? fromZero! : fromOne!, by: 'order' };
  if (fitsZero || fileNumbers === null) return null;
  const least = Math.min(...numbers);
  const steps = fileNumbers
    .map((number) => fileNumbers.map((other) => other + least - number))
    .filter((counted) => isAmong(numbers, counted));
  return steps.length === 1 ? { counted: steps[0]!, by: 'numbers' } : null;
}

/** Whether files whose names count `fileNumbers` may be those of senders with these numbers. */
export function mayBeOfFiles(
  size: number,
  fileNumbers: readonly number[] | null,
  numbers: readonly number[],
): boolean {
  const places = [0, 1].map((first) => Array.from({ length: size }, (_, log) => log + first));
  return [...places, fileNumbers ?? []].some((counted) => isAmong(numbers, counted));
}

function isAmong(numbers: readonly number[], counted: readonly number[]): boolean {
  return numbers.every((number) => counted.includes(number));
}
