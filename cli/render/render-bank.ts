import type { BankResult, Replica } from '../../control/bank-document.ts';
import type { Comparison } from '../../control/comparison-document.ts';
import { ACCOUNTS, formatCents } from '../../core/bank/bank-operation.ts';
import { count, formatNumber, renderTable, wrap, type Column } from './table.ts';
import type { Paint } from '../shell/terminal.ts';

/** The most replicas that are shown, from the first on: what a class can look at. */
const REPLICAS_SHOWN_MAX = 8;
const PEER_CHARACTERS_MAX = 16;

const ACCOUNT_COLUMNS: readonly Column[] = Array.from({ length: ACCOUNTS }, (_, account) => ({
  heading: `account ${account}`,
  align: 'right',
}));

/** What became of the bank, for a person: nothing where no bank was run. */
export function renderBank(comparison: Comparison, paint: Paint): string[] {
  const { bank } = comparison;
  if (bank === null) return [];
  const headline = describeBank(comparison, bank);
  const painted = bank.agree === false ? paint.bad(headline) : paint.bold(headline);
  const parts = [
    painted,
    renderReplicas(comparison, bank, paint),
    ...describeUnread(comparison, bank),
    ...describeWhy(comparison, bank),
  ];
  return [parts.join('\n')];
}

function describeBank(comparison: Comparison, bank: BankResult): string {
  const compared = bank.perPeer.filter((replica) => replica.compared);
  if (compared.length === 0) return 'Bank: no peer took part to the end';
  const replicas = `Bank: ${count(compared.length, 'replica')}`;
  if (compared.every(({ applied }) => applied === 0)) {
    const delivered = compared.reduce((sum, { undecodable }) => sum + undecodable, 0);
    const why =
      delivered === 0
        ? 'nothing was delivered'
        : `of ${count(delivered, 'delivery', 'deliveries')} none carried one that can be read`;
    return wrap(`${replicas}, and no operation was applied: ${why}`, '');
  }
  if (bank.agree === null) return `${replicas}, nothing to compare it with`;
  if (bank.agree) return `${replicas}, the same balances on every one, to the cent`;
  const { account, least, most } = farthestApart(compared);
  const nameOf = ({ peer }: Replica): string => comparison.perPeer[peer]!.peerId;
  const [first, second] = least.peer < most.peer ? [least, most] : [most, least];
  const text =
    `${replicas}, ${bank.distinctStates} different balances: account ${account} is ` +
    `${formatCents(first.balancesCents[account]!)} at ${nameOf(first)} and ` +
    `${formatCents(second.balancesCents[account]!)} at ${nameOf(second)}`;
  return wrap(text, '');
}

/** The account on which two replicas differ most, and these two. */
function farthestApart(replicas: readonly Replica[]) {
  const accounts = Array.from({ length: ACCOUNTS }, (_, account) => {
    const balanceOf = (replica: Replica): number => replica.balancesCents[account]!;
    const least = replicas.reduce((a, b) => (balanceOf(b) < balanceOf(a) ? b : a));
    const most = replicas.reduce((a, b) => (balanceOf(b) > balanceOf(a) ? b : a));
    return { account, least, most, apart: balanceOf(most) - balanceOf(least) };
  });
  return accounts.reduce((a, b) => (b.apart > a.apart ? b : a));
}

function renderReplicas(comparison: Comparison, bank: BankResult, paint: Paint): string {
  const shown = bank.perPeer.slice(0, REPLICAS_SHOWN_MAX);
  const isReordered = bank.perPeer.some(({ changedByOrder }) => changedByOrder);
  const columns: readonly Column[] = [
    { heading: 'replica', align: 'left', charactersMax: PEER_CHARACTERS_MAX },
    ...ACCOUNT_COLUMNS,
    { heading: 'total', align: 'right' },
    ...(isReordered ? [{ heading: 'by order', align: 'right' } as const] : []),
    { heading: 'state', align: 'left' },
  ];
  const rows = shown.map((replica) => [
    comparison.perPeer[replica.peer]!.peerId,
    ...replica.balancesCents.map(formatCents),
    formatCents(replica.totalCents),
    ...(isReordered ? [formatChange(replica.byOrderCents)] : []),
    `${replica.stateHash.slice(0, 8)}${describeStanding(replica)}`,
  ]);
  const [heading, ...lines] = renderTable(columns, rows).split('\n');
  const left = bank.perPeer.length - shown.length;
  const more = left === 0 ? [] : [`  and ${formatNumber(left)} more, which --json shows`];
  return [paint.dim(heading!), ...lines, ...more].join('\n');
}

function describeStanding({ compared, verified }: Replica): string {
  if (verified === false) return ', NOT as reported';
  return compared ? '' : ', not compared';
}

function formatChange(cents: number): string {
  return cents > 0 ? `+${formatCents(cents)}` : formatCents(cents);
}

/** What replicas could not read, where they read anything: equal balances say less then. */
function describeUnread({ perPeer }: Comparison, { perPeer: replicas }: BankResult): string[] {
  const unread = replicas
    .filter(({ undecodable }) => undecodable > 0)
    .map(({ peer, undecodable }) => `${perPeer[peer]!.peerId} ${formatNumber(undecodable)}`);
  if (unread.length === 0) return [];
  const shown = unread.slice(0, REPLICAS_SHOWN_MAX).join(', ');
  return [wrap(`Not applied: deliveries that carried no operation (${shown}).`)];
}

/** Loss and disorder apart: a class must not take the one for the other. */
function describeWhy(comparison: Comparison, bank: BankResult): string[] {
  if (bank.agree !== false) return [];
  return [...describeDisorder(comparison, bank), ...describeLosses(comparison, bank)].map((text) =>
    wrap(text),
  );
}

function describeDisorder(comparison: Comparison, bank: BankResult): string[] {
  const { firstSwap } = bank;
  const nameOf = (peer: number): string => comparison.perPeer[peer]!.peerId;
  const changed = bank.perPeer.some((replica) => replica.compared && replica.changedByOrder);
  if (!changed) {
    return ['Order: it changed nothing. Each replica holds what its operations make in any order.'];
  }
  const reference = nameOf(bank.reference!);
  const meaning =
    `By order: what a replica has more or less than the very same operations make in the order ` +
    `of ${reference}.`;
  if (firstSwap === null) return [meaning];
  const { peer, other, first, second, worthCents } = firstSwap;
  const carriedBy = (sender: number, sequence: number): string =>
    `message ${sequence} of ${nameOf(sender)}`;
  return [
    meaning,
    `Such as: ${nameOf(peer)} applied ${first.operation} ` +
      `(${carriedBy(first.sender, first.sequence)}), then ${second.operation} ` +
      `(${carriedBy(second.sender, second.sequence)}). ${nameOf(other)} applied them the other way ` +
      `round. Only a deposit that is there earns interest: ${formatCents(worthCents)}.`,
  ];
}

function describeLosses({ perPeer }: Comparison, bank: BankResult): string[] {
  const lacking = bank.perPeer
    .filter(({ compared, peer }) => compared && perPeer[peer]!.missing > 0)
    .map(({ peer }) => `${perPeer[peer]!.peerId} ${formatNumber(perPeer[peer]!.missing)}`);
  if (lacking.length === 0) return [];
  return [
    `Loss: operations that never arrived differ as well (${lacking.slice(0, REPLICAS_SHOWN_MAX).join(', ')}); ` +
      'no order brings them back, and they have no part in what the order did.',
  ];
}
