import type { Comparison, PeerResult } from '../../control/comparison-document.ts';
import { formatNumber, renderTable, WIDTH_MAX, type Column } from './table.ts';
import type { Paint } from '../shell/terminal.ts';

interface PeerColumn extends Column {
  readonly cell: (peer: PeerResult) => string;
  /** Shown only when some peer has something to say here. */
  readonly when?: (peer: PeerResult) => boolean;
  /** Where the table is too wide, the columns with the greatest numbers go first; 0 always stays. */
  readonly dispensable: number;
}

const COLUMNS: readonly PeerColumn[] = [
  {
    heading: 'peer',
    align: 'left',
    cell: ({ peerId }) => peerId,
    charactersMax: 32,
    dispensable: 0,
  },
  {
    heading: 'called',
    align: 'left',
    cell: ({ called }) => called ?? '?',
    when: ({ called, peer }) => called !== undefined && called !== String(peer),
    dispensable: 2,
  },
  {
    heading: 'zone',
    align: 'left',
    cell: ({ zone }) => zone ?? '',
    when: ({ zone }) => zone !== null,
    dispensable: 2,
  },
  { heading: 'standing', align: 'left', cell: describeStanding, dispensable: 0 },
  numeric('delivered', ({ delivered }) => delivered),
  numeric('missing', ({ missing }) => missing),
  { ...numeric('repeated', ({ duplicates }) => duplicates), when: (p) => p.duplicates > 0 },
  { ...numeric('invented', ({ invented }) => invented), when: (p) => p.invented > 0 },
  { ...numeric('altered', ({ altered }) => altered ?? 0), when: (p) => (p.altered ?? 0) > 0 },
  traffic('datagrams', ({ datagrams }) => datagrams?.sent ?? null, 1),
  traffic('dropped', ({ dropped }) => (dropped === null ? null : sumOf(dropped)), 3),
];

/** One line a peer: what it delivered, and what it cost. */
export function renderPeers({ perPeer }: Comparison, paint: Paint): string {
  let columns = COLUMNS.filter(({ when }) => when === undefined || perPeer.some(when));
  let table = render(columns, perPeer);
  while (widthOf(table) > WIDTH_MAX) {
    const most = Math.max(...columns.map(({ dispensable }) => dispensable));
    if (most === 0) break;
    columns = columns.filter(({ dispensable }) => dispensable !== most);
    table = render(columns, perPeer);
  }
  const [heading, ...lines] = table.split('\n');
  return [paint.dim(heading!), ...lines].join('\n');
}

function render(columns: readonly PeerColumn[], perPeer: readonly PeerResult[]): string {
  return renderTable(
    columns,
    perPeer.map((peer) => columns.map(({ cell }) => cell(peer))),
  );
}

function widthOf(table: string): number {
  return Math.max(...table.split('\n').map((line) => line.length));
}

function numeric(heading: string, value: (peer: PeerResult) => number): PeerColumn {
  return { heading, align: 'right', cell: (peer) => formatNumber(value(peer)), dispensable: 0 };
}

function traffic(
  heading: string,
  value: (peer: PeerResult) => number | null,
  dispensable: number,
): PeerColumn {
  return {
    heading,
    align: 'right',
    cell: (peer) => formatKnown(value(peer)),
    when: (peer) => value(peer) !== null,
    dispensable,
  };
}

function formatKnown(value: number | null): string {
  return value === null ? '-' : formatNumber(value, 1);
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, each) => sum + each, 0);
}

// A report that says no more than "complete" needs no second word.
function describeStanding({ standing, outcome }: PeerResult): string {
  return outcome === null || outcome === 'complete' ? standing : `${standing}, ${outcome}`;
}
