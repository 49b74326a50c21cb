import { nameSome } from '../../control/name-some.ts';

/** What is said of no more peers than these stays a sentence each. */
const SAME_MAX = 3;
/** A finding about one peer, such as "Peer 3 (peer-3 in me-west1-a) never delivered 2 messages." */
const ABOUT_PEER = /^Peer \d+ \(([^\s()]+)[^()]*\) (.+)$/s;

/**
 * The findings, of which one that says the same of many peers stands once, for the first of them, with the names of the
 * others behind it: of 64 peers that the deadline stopped, 64 sentences tell nothing more.
 */
export function foldFindings(findings: readonly string[]): string[] {
  const alike = new Map<string, string[]>();
  for (const finding of findings) {
    const [, peerId, what] = ABOUT_PEER.exec(finding) ?? [];
    if (peerId === undefined || what === undefined) continue;
    const peers = alike.get(what);
    if (peers === undefined) alike.set(what, [peerId]);
    else peers.push(peerId);
  }
  return findings.flatMap((finding) => {
    const [, peerId, what = ''] = ABOUT_PEER.exec(finding) ?? [];
    const peers = alike.get(what) ?? [];
    if (peers.length <= SAME_MAX) return [finding];
    return peerId === peers[0] ? [`${finding} The same of ${nameSome(peers.slice(1))}.`] : [];
  });
}
