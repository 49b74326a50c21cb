import { splitComposite } from '../text/composite.ts';
import { INNER } from '../text/row.ts';

/**
 * What programs call the sender of a message and its number, in small letters and without signs. What
 * is found in an earlier list counts before what is in a later one: a sender is a sender even where
 * there is a peer as well, which may be the one that writes the log.
 */
const SENDER_NAMES: readonly ReadonlySet<string>[] = [
  words(`sender senderid senderpid senderno senderindex sendername senderport senderprocess senderaddr
    senderaddress from fromid frompeer fromnode fromprocess src srcid source sourceid sourceport srcport origin
    originid originnode originpeer orig originator originalsender initiator creator issuer sentby author emitter
    broadcaster multicaster snd`),
  words(`pid processid process proc peer peerid node nodeid host hostid replica replicaid server
    serverid user userid client clientid port who s p`),
  words('id'),
];

const NUMBER_NAMES: readonly ReadonlySet<string>[] = [
  words(`sequence sequenceno sequencenr sequencenum sequencenumber sequenceid seq seqno seqnr seqnum
    seqnumber seqid sn sqn lsn localseq localseqno localsequence lseq lseqno senderseq senderseqno
    sendersequence messagenumber messageno messagenr messagenum messageseq msgnumber msgno
    msgnr msgnum msgseq msgsequence`),
  words(`number num nr no n messageid messageindex msgid msgindex mid index idx counter count k i
    message msg m`),
  words('id'),
];

/** Names of what may be sender and number in one. */
const IDENTITY_NAMES = words('id messageid msgid mid uid key message msg m');

/** Names of times and clocks: a log that has no other number has no number of the message. */
const TIME_NAME = /time|clock|stamp|lamport|^(?:ts|date|at|lc|vc|when|t)$/;

/** Names of what happened, where a log tells more than deliveries. */
const HAPPENING_NAMES = words(
  'event evt type kind action what op operation verb happening eventtype eventname',
);
/** Names of how it ended. */
export const STATUS_NAMES = words('status state result outcome');

/** What logging libraries call the text of a line. */
const TEXT_NAMES = words('msg message text');

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/));
}

/** `Sender_ID`, `senderId` and `sender id` are one name; of an object inside the message its name does not count. */
function plain(name: string): string {
  const own = name.startsWith(INNER) ? name.slice(name.lastIndexOf(INNER) + INNER.length) : name;
  return own.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** Whether a list has a name, or what stands behind its last point: of `ip.src` that is `src`. */
function isIn(list: ReadonlySet<string>, name: string): boolean {
  return (
    list.has(plain(name)) || (/\w\.\w+$/.test(name) && list.has(plain(name.replace(/.*\./, ''))))
  );
}

/** In which of the lists the best name of a sender stands: 0 is sure to be one, and `Infinity` is none. */
export function senderRank(names: readonly string[]): number {
  return rankIn(names, SENDER_NAMES);
}

/** In which of the lists the best name of a number stands, likewise. */
export function numberRank(names: readonly string[]): number {
  return rankIn(names, NUMBER_NAMES);
}

function rankIn(names: readonly string[], lists: readonly ReadonlySet<string>[]): number {
  const rank = lists.findIndex((list) => names.some((name) => isIn(list, name)));
  return rank < 0 ? Infinity : rank;
}

/** The names that may be those of the sender: of the first list that has any. */
export function senderNames(names: readonly string[]): string[] {
  return firstFound(names, SENDER_NAMES);
}

/** The names that may be those of the message's number: of the first list that has any. */
export function numberNames(names: readonly string[]): string[] {
  return firstFound(names, NUMBER_NAMES);
}

/** Whether a field holds the identity of a message, with its sender and its number in one: `"id": "P1-3"`. */
export function isIdentity(name: string, value: string): boolean {
  return isIn(IDENTITY_NAMES, name) && splitComposite(value) !== null;
}

export function timeNames(names: readonly string[]): string[] {
  return names.filter((name) => TIME_NAME.test(plain(name)));
}

export function happeningNames(names: readonly string[]): string[] {
  return [HAPPENING_NAMES, STATUS_NAMES].flatMap((list) =>
    names.filter((name) => list.has(plain(name))),
  );
}

export function textNames(names: readonly string[]): string[] {
  return names.filter((name) => TEXT_NAMES.has(plain(name)));
}

function firstFound(names: readonly string[], lists: readonly ReadonlySet<string>[]): string[] {
  for (const list of lists) {
    const found = names.filter((name) => isIn(list, name));
    if (found.length > 0) return found;
  }
  return [];
}
