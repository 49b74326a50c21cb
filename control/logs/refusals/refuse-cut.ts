import { HAPPENING } from '../fields/happenings.ts';
import type { LogColumns } from '../log-columns.ts';
import { isSeveral, NO_WITNESS, type ShownNumbers } from '../numbers/shown-numbers.ts';

/**
 * Refuses a log that ends in the middle of its last line, as where a program was killed while it wrote, and whose last
 * message is therefore another one: `deliver 1 17` without its last figure is message 1. Whether a line is cut shows where
 * other logs end theirs, and where no other log has that message, or this one had it before.
 * @throws LogError that names the line.
 */
export function refuseCut(logs: readonly LogColumns[], shown: ShownNumbers): void {
  const filled = logs.filter(({ length }) => length > 0);
  if (filled.every((log) => !isOpen(log)) || filled.every(isOpen)) return;
  for (const log of filled) {
    const { senders, numbers, happenings, places, source } = log;
    const last = log.length - 1;
    const place = places[last]!;
    if (!isOpen(log) || happenings[last] !== HAPPENING.delivery) continue;
    if (place <= source.text.lastIndexOf('\n')) continue;
    const [sender, number] = [senders[last]!, numbers[last]!];
    const isBorneOut = isSeveral(shown.bySender[sender]!.get(number) ?? NO_WITNESS);
    const isRepeated = numbers.some((other, row) => {
      return row < last && other === number && senders[row] === sender;
    });
    if (isBorneOut && !isRepeated) continue;
    throw source.error(
      place,
      `the last line has no end as those of other logs have one, and its message ` +
        `${isRepeated ? 'repeats another one' : 'is in no other log'}: it seems to be cut; allowed is a file without ` +
        'that line, or with its end',
    );
  }
}

/** Whether the text ends in a word or a number, without the end of its line. */
function isOpen({ source }: LogColumns): boolean {
  return /[\p{L}\p{N}]$/u.test(source.text.slice(-2));
}
