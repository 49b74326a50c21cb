import type { Comparison, PeerResult } from '../../control/comparison-document.ts';
import { tookPart } from '../run/incomplete-run.ts';
import { count, formatNumber, percent } from './table.ts';

export function total(
  perPeer: readonly PeerResult[],
  field: 'missing' | 'duplicates' | 'invented',
): number {
  return perPeer.reduce((sum, peer) => sum + peer[field], 0);
}

/** Such as "2 deliveries repeated": what some peer delivered and should not have. */
export function describeExcess(perPeer: readonly PeerResult[]): string[] {
  const repeated = total(perPeer, 'duplicates');
  const invented = total(perPeer, 'invented');
  return [
    ...(repeated > 0 ? [`${count(repeated, 'delivery', 'deliveries')} repeated`] : []),
    ...(invented > 0 ? [`${count(invented, 'delivery', 'deliveries')} invented`] : []),
  ];
}

/**
 * What was lost, of all deliveries that there should have been: one of each message that exists at
 * each peer that took part to the end. Of each other peer apart, because nobody knows how far it
 * came in the last second before it crashed, or should have come before it was stopped.
 */
export function describeLoss({ perPeer }: Comparison): string {
  const correct = perPeer.filter(tookPart);
  const missing = total(correct, 'missing');
  const whole = correct.length * messagesThatExist(perPeer);
  const lost =
    missing === 0
      ? 'nothing'
      : `${formatNumber(missing)} of ${count(whole, 'delivery', 'deliveries')}` +
        percent(missing, whole);
  const ofOthers = perPeer.filter((peer) => !tookPart(peer)).map(describeOther);
  return [...(correct.length > 0 ? [lost] : []), ...describeExcess(perPeer), ...ofOthers].join(
    '; ',
  );
}

/** Each peer delivered or lacks every one of them. */
function messagesThatExist(perPeer: readonly PeerResult[]): number {
  const [peer] = perPeer;
  return peer === undefined ? 0 : existingBy(peer);
}

function existingBy({ delivered, duplicates, invented, missing }: PeerResult): number {
  return delivered - duplicates - invented + missing;
}

function describeOther(peer: PeerResult): string {
  const { peerId, standing, missing } = peer;
  if (standing === 'silent') return `${peerId} wrote nothing`;
  if (standing === 'rejected') return `what ${peerId} delivered is not known`;
  const lacking = missing === 0 ? 'none' : formatNumber(missing);
  const lacks = `${peerId} lacks ${lacking} of ${count(existingBy(peer), 'message')}`;
  return standing === 'crashed' ? `${lacks} (its last second is not known)` : lacks;
}
