/**
 * What programs call the sender of a message and its number, in small letters and without signs. What
 * is found in an earlier list counts before what is in a later one: a sender is a sender even where
 * there is a peer as well, which may be the one that writes the log.
 */
const SENDER_NAMES: readonly ReadonlySet<string>[] = [
  words(`sender senderid senderpid senderno senderindex sendername senderport senderprocess senderaddr
    senderaddress from fromid frompeer fromnode fromprocess src srcid source sourceid sourceport origin
    originid originator author emitter broadcaster multicaster snd`),
  words(`pid processid process proc peer peerid node nodeid host hostid replica replicaid server
    serverid user userid client clientid port who s p`),
  words('id'),
];

const NUMBER_NAMES: readonly ReadonlySet<string>[] = [
  words(`sequence sequenceno sequencenr sequencenum sequencenumber sequenceid seq seqno seqnr seqnum
    seqnumber seqid sn sqn lsn messagenumber messageno messagenr messagenum messageseq msgnumber msgno
    msgnr msgnum msgseq msgsequence`),
  words(`number num nr no n messageid messageindex msgid msgindex mid index idx counter count k i
    message msg m`),
  words('id'),
];

/** Names of times and clocks: a log that has no other number has no number of the message. */
const TIME_NAME = /time|clock|stamp|lamport|^(?:ts|date|at|lc|vc|when|t)$/;

/** Names of what happened, where a log tells more than deliveries. */
const HAPPENING_NAMES = words('event type kind action what op operation verb happening eventtype');

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/));
}

/** `Sender_ID`, `senderId` and `sender id` are one name. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** The names that may be those of the sender: of the first list that has any. */
export function senderNames(names: readonly string[]): string[] {
  return firstFound(names, SENDER_NAMES);
}

/** The names that may be those of the message's number: of the first list that has any. */
export function numberNames(names: readonly string[]): string[] {
  return firstFound(names, NUMBER_NAMES);
}

export function timeNames(names: readonly string[]): string[] {
  return names.filter((name) => TIME_NAME.test(plain(name)));
}

export function happeningNames(names: readonly string[]): string[] {
  return names.filter((name) => HAPPENING_NAMES.has(plain(name)));
}

function firstFound(names: readonly string[], lists: readonly ReadonlySet<string>[]): string[] {
  for (const list of lists) {
    const found = names.filter((name) => list.has(plain(name)));
    if (found.length > 0) return found;
  }
  return [];
}
