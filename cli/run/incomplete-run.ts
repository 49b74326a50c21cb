import type { Comparison, PeerResult } from '../../control/comparison-document.ts';
import { isToTheEnd } from '../../control/comparison/to-the-end.ts';
import { nameSome } from '../../control/name-some.ts';

/** Whether a peer took part to the end, with the others. */
export function tookPart({ standing, outcome, leftBehind }: PeerResult): boolean {
  return standing === 'reported' && isToTheEnd(outcome) && leftBehind !== true;
}

/** Whether no peer came past the handshake, so that there is nothing to compare. */
export function didNotBegin({ perPeer }: Comparison): boolean {
  return perPeer.every(({ standing, outcome }) => standing === 'silent' || outcome === 'handshake');
}

/**
 * Why a run gives no full answer: one sentence without its full stop, which names the peers that were
 * missing. `null` when at least one peer took part to the end, none failed or gave up in the
 * handshake, and none was stopped by the deadline.
 */
export function describeIncomplete(comparison: Comparison): string | null {
  const { perPeer } = comparison;
  if (didNotBegin(comparison)) return `The run did not begin: ${describeSilence(perPeer)}`;
  const troubles = perPeer.filter((peer) => !tookPart(peer)).map(describeTrouble);
  const isCut = perPeer.some(({ outcome }) => outcome === 'handshake' || outcome === 'failed');
  if (isCut || !perPeer.some(tookPart)) {
    return `The run was not done to the end: ${nameSome(troubles, '; ')}`;
  }
  if (!perPeer.some(({ outcome }) => outcome === 'deadline')) return null;
  const passed = 'The deadline passed before everything was delivered';
  return troubles.length === 0 ? passed : `${passed}; ${nameSome(troubles, '; ')}`;
}

/**
 * What the passing of the deadline may come of: an ordering that held messages back and did not deliver all, as one does that
 * waits for a word that nobody sends. `null` where no peer that was stopped by the deadline did that.
 */
export function describeHoldingBack({ ordering, perPeer }: Comparison): string | null {
  const holding = perPeer.filter(({ outcome, missing, heldMax }) => {
    return outcome === 'deadline' && missing > 0 && (heldMax ?? 0) > 0;
  });
  if (holding.length === 0 || ordering === null) return null;
  const who = nameSome(holding.map(({ peerId }) => peerId));
  const what = ordering.startsWith('file-') ? 'FILE' : ordering;
  const gone = perPeer.filter(({ standing }) => standing === 'crashed' || standing === 'silent');
  const without =
    gone.length === 0 ? '' : ` to go on without ${nameSome(gone.map(({ peerId }) => peerId))}`;
  return (
    `${who} held messages back and did not deliver all: there was too little time${without} (--deadline gives more), or ` +
    `${ordering} waits for a word that nobody sends; ` +
    `"npx mpcomm check ${what}" looks for a short run that shows it`
  );
}

function describeSilence(perPeer: readonly PeerResult[]): string {
  const silent = perPeer.filter(({ standing }) => standing === 'silent');
  if (silent.length === 0) return 'the peers did not all hear each other in time';
  return `${nameSome(silent.map(({ peerId }) => peerId))} never answered`;
}

function describeTrouble({ peerId, standing, outcome, leftBehind }: PeerResult): string {
  if (leftBehind === true) return `the others ended without ${peerId}`;
  switch (standing) {
    case 'silent':
      return `${peerId} wrote nothing`;
    case 'crashed':
      return `${peerId} left no report`;
    case 'rejected':
      return `what ${peerId} wrote could not be used`;
    case 'reported':
      if (outcome === 'handshake') return `${peerId} gave up in the handshake`;
      return outcome === 'failed' ? `${peerId} failed` : `${peerId} was told to stop`;
  }
}
