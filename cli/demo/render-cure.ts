import type { Comparison } from '../../control/comparison-document.ts';
import { formatNumber, renderTable } from '../render/table.ts';
import { PLAIN, type Paint } from '../shell/terminal.ts';

/**
 * Two runs of the same peers and messages side by side: what an order cured, and what it cost.
 * Pure; `before` is the run without, `after` the one with an order.
 */
export function renderCure(before: Comparison, after: Comparison, paint: Paint = PLAIN): string {
  const both = [before, after];
  const row = (name: string, figure: (comparison: Comparison) => string): string[] => [
    name,
    ...both.map(figure),
  ];
  const table = renderTable(
    [
      { heading: '', align: 'left' },
      ...both.map(({ ordering }) => ({ heading: ordering ?? '', align: 'right' }) as const),
    ],
    [
      row(
        'rounds unordered',
        ({ unorderedRounds, rounds }) =>
          `${formatNumber(unorderedRounds)} of ${formatNumber(rounds)}`,
      ),
      row('messages sent a multicast', (comparison) => perMulticast(comparison, messagesSent)),
      row('datagrams a multicast', ({ cost }) => rounded(cost?.datagramsPerMulticast)),
      row('bytes a multicast', ({ cost }) => rounded(cost?.bytesPerMulticast)),
      row('own message delivered, median', (comparison) => ownLatency(comparison, 'p50')),
      row('own message delivered, worst', (comparison) => ownLatency(comparison, 'max')),
    ],
  );
  const [heading, ...lines] = table.split('\n');
  return [paint.bold(heading!), ...lines].join('\n');
}

type PeerResult = Comparison['perPeer'][number];

function messagesSent({ messagesSent: sent }: PeerResult): number {
  return sent === null ? NaN : sent.data + sent.control;
}

function perMulticast({ perPeer }: Comparison, count: (peer: PeerResult) => number): string {
  const multicasts = perPeer.reduce((sum, peer) => sum + (peer.multicasts ?? NaN), 0);
  return rounded(perPeer.reduce((sum, peer) => sum + count(peer), 0) / multicasts);
}

/** The median of the peers' medians, and the worst of their worst; each peer measured on its own clock. */
function ownLatency({ perPeer }: Comparison, which: 'p50' | 'max'): string {
  const values = perPeer
    .map(({ ownLatencyMs }) => ownLatencyMs?.[which] ?? NaN)
    .sort((a, b) => a - b);
  const value = which === 'max' ? values.at(-1) : values[values.length >> 1];
  return value === undefined || Number.isNaN(value)
    ? 'unknown'
    : `${formatNumber(Math.round(value))} ms`;
}

function rounded(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value)
    ? 'unknown'
    : String(Math.round(value * 10) / 10);
}
