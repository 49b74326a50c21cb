import { ORDERINGS, type RegisteredOrdering } from '../../core/orderings/registry.ts';
import { markdownTable } from '../../cli/grid/markdown.ts';

const HEAD = [
  'ordering',
  'order',
  'uniform',
  'class (Défago, Schiper, Urbán 2004)',
  'survives',
  'source',
];

/** What each ordering of the registry promises, as a table in Markdown. */
export function promiseTable(): string {
  return markdownTable(HEAD, promiseRows(), HEAD.length);
}

/** The rows of that table. */
export function promiseRows(): string[][] {
  return [...ORDERINGS.values()].map((entry) => [
    `\`${entry.name}\``,
    orderOf(entry),
    uniformOf(entry),
    entry.mechanism ?? '',
    survivalOf(entry),
    entry.source,
  ]);
}

function orderOf({ guarantees }: RegisteredOrdering): string {
  const orders = (['total', 'causal'] as const).filter((order) => guarantees.includes(order));
  if (orders.length > 0) return orders.join(', ');
  return guarantees.includes('fifo') ? "each sender's" : 'none';
}

/** The promises that also bind members that crash afterwards. */
function uniformOf({ guarantees }: RegisteredOrdering): string {
  const [order, agreement] = (['uniformTotal', 'uniformAgreement'] as const).map((guarantee) =>
    guarantees.includes(guarantee),
  );
  if (!guarantees.includes('total')) return '';
  if (order && agreement) return 'yes';
  if (order) return 'order';
  return agreement ? 'agreement' : 'no';
}

/**
 * What an ordering survives. Without retransmission nobody waits for a crashed member, and nobody is
 * promised its last messages.
 */
function survivalOf({ retransmits, survives }: RegisteredOrdering): string {
  if (survives === 'minority') return 'a minority';
  return retransmits ? 'none' : '';
}
