import { HAPPENING } from './fields/happenings.ts';
import { nameMessage } from './names-of-run.ts';
import { isSeveral, NO_WITNESS } from './numbers/shown-numbers.ts';
import type { LogSet } from './read-logs.ts';

/**
 * Refuses a told first number where the logs bear a smaller one out: all its messages would count as
 * invented. A message that only one log has, and not that of its sender, may be just that.
 * @throws LogError that names the place of the first such message.
 */
export function checkFirst(set: LogSet, first: number): void {
  const { logs, shown, owners } = set;
  for (const [log, { columns }] of logs.entries()) {
    const { senders, numbers, happenings, places, source } = columns;
    for (let row = 0; row < columns.length; row += 1) {
      const [sender, number] = [senders[row]!, numbers[row]!];
      if (number >= first || happenings[row] !== HAPPENING.delivery) continue;
      const isOwn = owners.senderOf[log] === sender;
      if (!isOwn && !isSeveral(shown.bySender[sender]!.get(number) ?? NO_WITNESS)) continue;
      throw source.error(
        places[row]!,
        `found ${nameMessage({ set }, sender, number)}, which --first ${first} would leave out; allowed is the ` +
          "number of the senders' first messages",
      );
    }
  }
}
