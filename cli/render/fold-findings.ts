import { nameSome } from '../../control/name-some.ts';

/** What is said of no more peers than these stays a sentence each. */
const SAME_MAX = 3;
/**
 * A finding about one peer, such as "Peer 3 (peer-3 in me-west1-a) never delivered 2 messages.", or about what is at one, such
 * as "At peer 3 (peer-3) the next message, 7 of peer-0, still waited for the word of peer-0.", or about what one wrote.
 */
const ABOUT_PEER = /^(?:P|At p|What p)eer \d+ \(([^\s()]+)[^()]*\) (.+)$/s;
/** The number by which the sentences about several peers may differ: the first one that stands by itself. */
const NUMBER = /(?<= )\d+(?= )/;
/** The message that waits, of which each peer may have another one while all wait for the same word. */
const WAITING = /(?<=^the next message), \d+ of [^,]+,/;

/** What one finding says of a peer. */
interface Said {
  readonly peerId: string;
  /** What is said, but for what may differ. */
  readonly what: string;
  /** The number that may differ; empty where there is none. */
  readonly count: string;
}

/**
 * The findings, of which one that says the same of many peers stands once, for the first of them, with the names of the
 * others behind it, and with their numbers where these differ: of 64 peers that the deadline stopped, 64 sentences tell
 * nothing more.
 */
export function foldFindings(findings: readonly string[]): string[] {
  const alike = new Map<string, Said[]>();
  const said = findings.map((finding) => {
    const one = whatItSays(finding);
    if (one !== null) alike.set(one.what, [...(alike.get(one.what) ?? []), one]);
    return one;
  });
  return findings.flatMap((finding, index) => {
    const one = said[index]!;
    const same = one === null ? [] : alike.get(one.what)!;
    if (same.length <= SAME_MAX) return [finding];
    return one === same[0] ? [`${finding} ${tellOthers(same)}`] : [];
  });
}

function whatItSays(finding: string): Said | null {
  const [, peerId, what] = ABOUT_PEER.exec(finding) ?? [];
  if (peerId === undefined || what === undefined) return null;
  const waited = what.replace(WAITING, '');
  const [count = ''] = waited === what ? (NUMBER.exec(what) ?? []) : [];
  return { peerId, what: count === '' ? waited : what.replace(NUMBER, '#'), count };
}

/** All but the first of those of whom the same is said. */
function tellOthers([first, ...others]: Said[]): string {
  const areEqual = others.every(({ count }) => count === first!.count);
  const names = others.map(({ peerId, count }) => (areEqual ? peerId : `${peerId} (${count})`));
  return `${areEqual ? 'The same of' : 'Likewise'} ${nameSome(names)}.`;
}
