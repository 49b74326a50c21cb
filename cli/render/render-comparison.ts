import { medianOf } from '../../charts/statistics.ts';
import type { Comparison } from '../../control/comparison-document.ts';
import { chooseDivergent } from './choose-divergent.ts';
import { describeExcess, describeLoss, total } from './describe-loss.ts';
import { foldFindings } from './fold-findings.ts';
import { describeIncomplete, didNotBegin } from '../run/incomplete-run.ts';
import { renderBank } from './render-bank.ts';
import { renderGuarantees } from './render-guarantees.ts';
import { renderPeers } from './render-peers.ts';
import { count, formatNumber, percent, renderTable, wrap } from './table.ts';
import { PLAIN, type Paint } from '../shell/terminal.ts';

/** A comparison as text for a person, in at most 100 columns; pure. */
export function renderComparison(comparison: Comparison, paint: Paint = PLAIN): string {
  const title = renderTitle(comparison);
  const lead = renderLead(comparison, paint);
  const peers = renderPeers(comparison, paint);
  if (didNotBegin(comparison)) {
    return [title, ...lead, peers, ...renderFindings(comparison)].join('\n\n');
  }
  const sections = [
    title,
    ...lead,
    renderHeadline(comparison, paint),
    ...renderReading(comparison),
    ...renderDivergence(comparison, paint),
    ...renderBank(comparison, paint),
    renderFigures(comparison),
    ...renderGuarantees(comparison, paint),
    peers,
    ...renderFindings(comparison),
  ];
  return sections.join('\n\n');
}

/** The part that fits one screen: how many rounds, the first one, and what was lost. */
export function renderSummary(comparison: Comparison, paint: Paint = PLAIN): string {
  const lead = renderLead(comparison, paint);
  if (didNotBegin(comparison)) return [...lead, ...renderFindings(comparison)].join('\n\n');
  return [
    ...lead,
    renderHeadline(comparison, paint),
    ...renderDivergence(comparison, paint),
    renderFigures(comparison),
    ...renderFindings(comparison),
  ].join('\n\n');
}

function renderTitle(comparison: Comparison): string {
  const { runId, peers, messages, ordering, backend, network, seed } = comparison;
  if (runId === null) return renderTitleOfLogs(comparison);
  const seeded = seed === null ? '' : `, seed ${seed}`;
  const what = `${peers} peers x ${count(messages, 'message')}, ${ordering ?? 'no ordering'}${seeded}`;
  return `Run ${runId}\n${wrap(`${what}, ${backend} backend, ${network} network`)}`;
}

function renderTitleOfLogs({ peers, messages, messagesKnown, rounds }: Comparison): string {
  const guess = messagesKnown ? '' : ' (the most seen of one sender; --messages tells it)';
  const isEqual = rounds === peers * messages;
  const each = isEqual ? `${count(messages, 'message')} a peer${guess}` : '';
  const seen = messagesKnown ? '' : ', as far as they show';
  const text = each === '' ? `${count(rounds, 'message')} in all${seen}` : each;
  return wrap(`${count(peers, 'log')} compared, ${text}`, '');
}

/** How logs from files were understood. */
function renderReading({ reading }: Comparison): string[] {
  if (reading === undefined || reading.notes.length === 0) return [];
  return [reading.notes.map((note) => wrap(note, '')).join('\n')];
}

/** Before any figure: that the run was not done to the end, and who was missing. */
function renderLead(comparison: Comparison, paint: Paint): string[] {
  const incomplete = describeIncomplete(comparison);
  return incomplete === null ? [] : [paint.bad(wrap(`${incomplete}.`, ''))];
}

function renderHeadline(comparison: Comparison, paint: Paint): string {
  const { rounds, unorderedRounds } = comparison;
  const share = percent(unorderedRounds, rounds);
  const headline = `${formatNumber(unorderedRounds)} of ${count(rounds, 'round')} unordered${share}`;
  return `${paint.bold(headline)}\n${wrap(describeHeadline(comparison))}`;
}

function describeHeadline(comparison: Comparison): string {
  const { rounds, unorderedRounds } = comparison;
  if (rounds === 0) return 'No message is known of, so there is no round to compare.';
  if (unorderedRounds > 0) {
    return (
      'A round is one position of the delivery order. It is ordered when every peer delivered ' +
      'the same message there.'
    );
  }
  const faults = describeFaults(comparison);
  return faults === ''
    ? 'Every peer delivered the same messages in the same order.'
    : `In each round every peer delivered the same message; but ${faults}.`;
}

function describeFaults({ perPeer }: Comparison): string {
  const missing = total(perPeer, 'missing');
  const parts = [
    ...(missing > 0 ? [`${count(missing, 'delivery', 'deliveries')} missing`] : []),
    ...describeExcess(perPeer),
  ];
  return parts.join('; ');
}

function renderDivergence(comparison: Comparison, paint: Paint): string[] {
  const { firstDivergence, perPeer } = comparison;
  if (firstDivergence === null) return [];
  const nameOf = (peer: number) => perPeer[peer]?.peerId ?? `peer ${peer}`;
  const { deliveries, position } = firstDivergence;
  const chosen = chooseDivergent(deliveries);
  const rows = chosen.map(({ peer, message }) => [
    nameOf(peer),
    perPeer[peer]?.zone ?? '',
    message === null ? 'nothing' : describeMessage(comparison, message),
  ]);
  const hasZones = perPeer.some(({ zone }) => zone !== null);
  const columns = [
    { heading: 'peer', align: 'left' },
    ...(hasZones ? [{ heading: 'zone', align: 'left' } as const] : []),
    { heading: 'delivered', align: 'left' },
  ] as const;
  const shown = hasZones ? rows : rows.map(([peer, , delivered]) => [peer!, delivered!]);
  const [heading, ...lines] = renderTable(columns, shown).split('\n');
  const sentence =
    `The first disagreement is in round ${position} (counted from 0), ` +
    'where the peers delivered:';
  const left = deliveries.length - chosen.length;
  const more = left === 0 ? [] : [`  and ${left} further peers (--json has them)`];
  return [[wrap(sentence, ''), paint.dim(heading!), ...lines, ...more].join('\n')];
}

type DivergentMessage = NonNullable<
  NonNullable<Comparison['firstDivergence']>['deliveries'][number]['message']
>;

/** A message as logs from files call it, or else by the member that multicast it. */
function describeMessage(comparison: Comparison, message: DivergentMessage): string {
  const { text, sender, sequence } = message;
  if (text !== undefined) return `message ${text}`;
  return `message ${sequence} of ${senderName(comparison, sender)}`;
}

// The senders of a run are its members; a file says only the sender's number.
function senderName({ runId, perPeer }: Comparison, sender: number): string {
  const member = runId === null ? undefined : perPeer[sender];
  return member?.peerId ?? `sender ${sender}`;
}

function renderFigures(comparison: Comparison): string {
  const figures: [string, string][] = [
    describeRounds(comparison),
    ['Opposite orders', describePairs(comparison)],
    ['Lost', describeLoss(comparison)],
    ['Published count', describePublishedCount(comparison)],
    ...describeCost(comparison),
    ...describeGoodput(comparison),
  ];
  return figures
    .map(([label, text]) => {
      const [first, ...rest] = wrap(text, ' '.repeat(22)).split('\n');
      return [`  ${label.padEnd(20)}${first!.trimStart()}`, ...rest].join('\n');
    })
    .join('\n');
}

function describeRounds(comparison: Comparison): [label: string, text: string] {
  const { conflictingRounds, missingRounds, unorderedRounds } = comparison;
  if (unorderedRounds === 0) return ['Unordered rounds', 'none'];
  return [
    'Unordered because',
    `two peers delivered different messages in ${count(conflictingRounds, 'round')}; ` +
      `some peer had no delivery in ${formatNumber(missingRounds)}`,
  ];
}

function describePairs({ kendallTau, perPeer }: Comparison): string {
  const { pairs } = kendallTau;
  const discordant = pairs.reduce((sum, pair) => sum + pair.discordant, 0);
  if (discordant === 0) return 'no two peers delivered two messages in opposite orders';
  const all = pairs.reduce((sum, { common }) => sum + (common * (common - 1)) / 2, 0);
  const worst = pairs.reduce((most, pair) => {
    return (pair.normalized ?? 0) > (most.normalized ?? 0) ? pair : most;
  });
  const share = percent(worst.normalized ?? 0, 1);
  return (
    `${formatNumber(discordant)} of ${formatNumber(all)} pairs of messages${percent(discordant, all)}, ` +
    `most between ${perPeer[worst.first]?.peerId} and ${perPeer[worst.second]?.peerId}${share}`
  );
}

function describePublishedCount(comparison: Comparison): string {
  const { publishedCount, publishedCountLeavesOut, publishedCountNote, messages } = comparison;
  const leftOut =
    publishedCountLeavesOut === null
      ? ''
      : ` (leaves out ${comparison.perPeer[publishedCountLeavesOut]?.peerId})`;
  const note = publishedCountNote === null ? '' : `; ${publishedCountNote}`;
  const positions = Math.max(0, messages - 1);
  return `${formatNumber(publishedCount)} of ${formatNumber(positions)}${leftOut}${note}`;
}

function describeCost({ cost, perPeer }: Comparison): [string, string][] {
  if (cost === null) return [];
  const { datagramsPerMulticast, bytesPerMulticast, controlMessagesPerMulticast } = cost;
  const latencies = perPeer.flatMap(({ ownLatencyMs }) => ownLatencyMs ?? []);
  const medians = latencies.flatMap(({ p50 }) => p50 ?? []);
  const worst = Math.max(...latencies.map(({ max }) => max ?? 0));
  const figures: [string, string] = [
    'Cost a multicast',
    `${formatNumber(datagramsPerMulticast, 2)} datagrams, ${formatNumber(bytesPerMulticast)} bytes, ` +
      `${formatNumber(controlMessagesPerMulticast, 2)} control messages`,
  ];
  if (medians.length === 0) return [figures];
  const [least, most] = [Math.min(...medians), Math.max(...medians)].map((ms) =>
    formatNumber(ms, 1),
  );
  const range = least === most ? least : `${least} to ${most}`;
  return [
    figures,
    [
      'Own messages',
      `delivered after ${range} ms (median of a peer), at most ${formatNumber(worst, 1)} ms`,
    ],
  ];
}

/**
 * How fast messages were delivered, of a run without an interval: it was as fast as it could be. Of any
 * other run this would say again what it was asked for.
 */
function describeGoodput({ perPeer }: Comparison): [string, string][] {
  const isUnplanned = perPeer.some(
    ({ multicasts, pace }) => multicasts !== 0 && pace?.plannedMs === 0,
  );
  const rates = perPeer.flatMap(({ delivered, durationMs }) =>
    durationMs === null || durationMs === 0 ? [] : (1_000 * delivered) / durationMs,
  );
  const median = medianOf(rates);
  if (!isUnplanned || median === null) return [];
  return [['Goodput', `${formatNumber(median)} messages a second delivered (median of a peer)`]];
}

function renderFindings({ findings }: Comparison): string[] {
  if (findings.length === 0) return [];
  const bullets = foldFindings(findings).map(
    (finding) => `  - ${wrap(finding, '    ').trimStart()}`,
  );
  return [`Findings\n${bullets.join('\n')}`];
}
