import type { LogTable } from './log-table.ts';

/** What one peer delivered: `delivered` = genuine messages + `invented` + `duplicates`. */
export interface Tally {
  /** All deliveries, repetitions and inventions included. */
  delivered: number;
  /** Messages that are known to exist and that the peer never delivered. */
  missing: number;
  /** Deliveries of a message (genuine or not) that the peer had delivered before. */
  duplicates: number;
  /** Different messages that nobody multicast. */
  invented: number;
  /** Deliveries with another content than was multicast; `null` where contents are not known. */
  altered: number | null;
}

/** The tally of each peer. */
export function tally(table: LogTable): Tally[] {
  const existing = countExisting(table);
  return table.everyone.map((peer) => {
    const [delivered, invented] = [table.length(peer), table.inventedBy(peer)];
    const distinct = table.distinctOf(peer);
    const duplicates = delivered - distinct;
    const missing = existing - (distinct - invented);
    const altered = table.altered[peer]?.length ?? null;
    return { delivered, missing, duplicates, invented, altered };
  });
}

/** How many messages are known to exist, from what is known of their senders. */
function countExisting(table: LogTable): number {
  let existing = table.multicastsMax.slice(table.size).reduce((sum, most) => sum + most, 0);
  for (const [sender, log] of table.logs.entries()) {
    const presumed = log.multicasts !== null || log.correct;
    existing += presumed ? table.multicastsMax[sender]! : countShown(table, sender);
  }
  return existing;
}

/**
 * How many messages of a sender that did not end well are known: some log delivered them, or its
 * own log notes them.
 */
function countShown(table: LogTable, sender: number): number {
  const { multicastsNoted, sequence } = table.logs[sender]!;
  const noted = multicastsNoted ? sequence.multicasts : 0;
  const columns = table.distinct(table.everyone).map((peer) => table.positions[peer]!);
  let shown = 0;
  for (let number = 0; number < table.messages; number += 1) {
    const id = sender * table.messages + number;
    if (number < noted || columns.some((column) => column[id]! >= 0)) shown += 1;
  }
  return shown;
}
