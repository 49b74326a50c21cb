import { assert } from '../core/base/assert.ts';

/**
 * The zones of the published experiments, in their order: one peer in each, so that the first two,
 * three, four, six or eight of them repeat a published column.
 *
 * Source: the eight instances listed with the results of github.com/VictorGNetto/MPComm.
 */
export const PUBLISHED_ZONES: readonly string[] = [
  'northamerica-northeast1-a',
  'southamerica-east1-b',
  'us-west1-b',
  'europe-north1-a',
  'europe-west9-a',
  'me-west1-a',
  'asia-south2-a',
  'asia-east1-b',
];

/**
 * The zone of each peer: the given ones (or the published ones), starting again when there are more
 * peers.
 */
export function zonesForPeers(peers: number, zones: readonly string[] | null): string[] {
  const chosen = zones ?? PUBLISHED_ZONES;
  assert(chosen.length > 0, 'a laboratory needs at least one zone');
  return Array.from({ length: peers }, (_unused, index) => chosen[index % chosen.length]!);
}

/** The ids peer-0, peer-1, ... in the order in which runs take the peers. */
export function peerIdsFor(peers: number): string[] {
  return Array.from({ length: peers }, (_unused, index) => `peer-${index}`);
}
