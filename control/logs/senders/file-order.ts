/** Files in the order in which they are compared, with the numbers in their names. */
export interface FileOrder<File> {
  readonly files: readonly File[];
  /** The number in the name of each file; `null` where the names do not differ by one number. */
  readonly numbers: readonly number[] | null;
  /** Whether this is another order than the one that was given. */
  readonly isChanged: boolean;
}

/**
 * Puts files into the order of the numbers in their names. A shell puts `logfile10.log` before
 * `logfile2.log`, which would make the third file's peer out of the eleventh.
 */
export function orderFiles<File extends { readonly name: string }>(
  files: readonly File[],
): FileOrder<File> {
  const numbers = numbersInNames(files.map(({ name }) => name));
  if (numbers === null) return { files, numbers, isChanged: false };
  const order = [...files.keys()].sort((a, b) => numbers[a]! - numbers[b]!);
  return {
    files: order.map((index) => files[index]!),
    numbers: order.map((index) => numbers[index]!),
    isChanged: order.some((index, place) => index !== place),
  };
}

/**
 * The number in which names differ that are equal otherwise, as 0 and 10 in `logs/peer0.log` and
 * `logs/peer10.log`. It may be in several places of a name. `null` where names differ in anything else,
 * or have a number in common.
 */
export function numbersInNames(names: readonly string[]): number[] | null {
  const parts = names.map((name) => name.split(/(\d+)/));
  const [first] = parts;
  if (first === undefined || parts.some(({ length }) => length !== first.length)) return null;
  const places = [...first.keys()].filter((place) => {
    return parts.some((part) => part[place] !== first[place]);
  });
  // A text is in an even place, a number in an odd one.
  if (places.length === 0 || places.some((place) => place % 2 === 0)) return null;
  const numbers = parts.map((part) => Number(part[places[0]!]));
  const isSame = places.every((place) => {
    return parts.every((part, index) => Number(part[place]) === numbers[index]);
  });
  return isSame && new Set(numbers).size === numbers.length ? numbers : null;
}
