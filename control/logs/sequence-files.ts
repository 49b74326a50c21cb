import { comparableMessagesMax } from '../../core/judge/comparison.ts';
import { DeliveredSequence } from '../../core/records/delivered-sequence.ts';
import { buildComparison } from '../comparison/build-comparison.ts';
import type { MemberLog } from '../comparison/member-log.ts';
import type { Comparison } from '../comparison-document.ts';
import { describeIgnored, inferMessages } from './infer-messages.ts';
import { LIMITS } from '../limits.ts';
import { SequenceFileError, SequenceScanner } from './sequence-scanner.ts';

export { SequenceFileError } from './sequence-scanner.ts';

const SENDER_MAX = 0xffff;
const SEQUENCE_MAX = 0xffff_ffff;

/** The log of one peer, as another program wrote it. */
export interface SequenceFile {
  readonly name: string;
  readonly text: string;
}

export interface ParsedSequence {
  readonly sequence: DeliveredSequence;
  /** Whether the file told when its peer multicast. */
  readonly multicastsNoted: boolean;
}

/**
 * Reads what one peer delivered, in one of three forms:
 *   JSON                  [[sender, sequence], ...]
 *   JSON with times       {"deliveries": [[sender, sequence], ...], "deliveredBefore": [0, 3, ...]}
 *   a Python list         [(sender, sequence), ...]
 *
 * `deliveredBefore` tells after how many deliveries the peer made its first multicast, its second,
 * and so on. White space and a comma after a last item are allowed everywhere; a file with nothing
 * but white space is an empty log.
 * @throws SequenceFileError that names the place, what was found there and what is allowed.
 */
export function parseSequenceFile(name: string, text: string): ParsedSequence {
  const scanner = new SequenceScanner(name, text);
  const sequence = new DeliveredSequence();
  let multicastsNoted = false;
  if (scanner.peek() === '{') {
    multicastsNoted = readObject(scanner, sequence);
  } else if (scanner.peek() !== '') {
    readItems(scanner, LIST, () => {
      const [sender, number] = readPair(scanner);
      sequence.appendDelivery(sender, number);
    });
  }
  if (scanner.peek() !== '') throw scanner.unexpected('nothing after the sequence');
  return { sequence, multicastsNoted };
}

const LIST = 'a list such as [[0, 0], [1, 0]] or [(0, 0), (1, 0)], or an object with "deliveries"';
const PAIR = 'a pair such as [0, 0] or (0, 0)';

/** Reads `[item, item, ...]`. */
function readItems(scanner: SequenceScanner, what: string, readItem: () => void): void {
  scanner.expect('[', what);
  while (!scanner.accept(']')) {
    readItem();
    if (!scanner.accept(',') && scanner.peek() !== ']') throw scanner.unexpected('"," or "]"');
  }
}

function readPair(scanner: SequenceScanner): [number, number] {
  const end = scanner.expect('[(', `${PAIR}, or the list's end "]"`) === '[' ? ']' : ')';
  const sender = scanner.integer(SENDER_MAX, 'a sender');
  scanner.expect(',', '"," and a sequence number');
  const sequence = scanner.integer(SEQUENCE_MAX, 'a sequence number');
  scanner.accept(',');
  scanner.expect(end, `"${end}": a message is ${PAIR}`);
  return [sender, sequence];
}

/** Reads the object form; true when it tells when the peer multicast. */
function readObject(scanner: SequenceScanner, into: DeliveredSequence): boolean {
  let deliveries: number[] | null = null;
  let marks: number[] | null = null;
  scanner.expect('{', 'an object');
  while (!scanner.accept('}')) {
    const key = scanner.key(['deliveries', 'deliveredBefore']);
    const isAgain = (key === 'deliveries' ? deliveries : marks) !== null;
    if (isAgain) throw scanner.error(`found "${key}" again; allowed is each name once`);
    scanner.expect(':', '":"');
    if (key === 'deliveries') deliveries = readPairs(scanner);
    else marks = readMarks(scanner);
    if (!scanner.accept(',') && scanner.peek() !== '}') throw scanner.unexpected('"," or "}"');
  }
  if (deliveries === null) throw scanner.error('found no "deliveries"; an object has to have it');
  const [last, most] = [marks?.at(-1) ?? 0, deliveries.length / 2];
  if (last > most) {
    throw scanner.error(
      `found ${last} in "deliveredBefore"; allowed is at most ${most}, the number ` +
        'of deliveries',
    );
  }
  appendAll(into, deliveries, marks ?? []);
  return marks !== null;
}

/** Sender, sequence, sender, sequence, ...: no array for each of a million deliveries. */
function readPairs(scanner: SequenceScanner): number[] {
  const numbers: number[] = [];
  readItems(scanner, 'a list of deliveries', () => {
    const [sender, sequence] = readPair(scanner);
    numbers.push(sender, sequence);
  });
  return numbers;
}

function readMarks(scanner: SequenceScanner): number[] {
  const marks: number[] = [];
  readItems(scanner, 'a list of numbers of deliveries', () => {
    const mark = scanner.integer(SEQUENCE_MAX, 'a number of deliveries');
    const least = marks.at(-1) ?? 0;
    if (mark < least) {
      const found = `found ${mark} after ${least} in "deliveredBefore"`;
      throw scanner.error(`${found}; allowed is the same or more`);
    }
    marks.push(mark);
  });
  return marks;
}

function appendAll(into: DeliveredSequence, deliveries: number[], marks: number[]): void {
  let multicast = 0;
  for (let i = 0; i <= deliveries.length; i += 2) {
    for (; marks[multicast] === i / 2; multicast += 1) into.appendMulticast();
    if (i < deliveries.length) into.appendDelivery(deliveries[i]!, deliveries[i + 1]!);
  }
}

/**
 * Compares logs from files, one a peer, in the order of the peers' numbers. `messages` is how many
 * each peer multicast; `null` takes what the files imply (infer-messages.ts).
 * @throws SequenceFileError for a file that cannot be read, or files that cannot be compared.
 */
export function compareSequenceFiles(
  files: readonly SequenceFile[],
  messages: number | null,
  nowMs: number,
): Comparison {
  if (files.length < LIMITS.peersMin || files.length > LIMITS.peersMax) {
    const allowed = `${LIMITS.peersMin} to ${LIMITS.peersMax} can be compared`;
    throw new SequenceFileError(`${files.length} files were given; ${allowed}`);
  }
  const members = files.map(toMember);
  const counted = messages ?? inferMessages(members);
  checkMessages(counted, members, messages !== null);
  const comparison = buildComparison({
    runId: null,
    createdAtMs: nowMs,
    ordering: null,
    declared: [],
    backend: 'files',
    network: 'unknown',
    seed: null,
    messages: counted,
    messagesKnown: messages !== null,
    members,
  });
  const ignored = messages === null ? describeIgnored(members, counted) : [];
  return { ...comparison, findings: [...comparison.findings, ...ignored] };
}

/** A file is taken for the log of a peer that took part to the end. */
function toMember({ name, text }: SequenceFile): MemberLog {
  const { sequence, multicastsNoted } = parseSequenceFile(name, text);
  return {
    peerId: name,
    zone: null,
    standing: 'reported',
    reason: null,
    report: null,
    sequence,
    multicasts: multicastsNoted ? sequence.multicasts : null,
    multicastsNoted,
    reportedAtUs: null,
  };
}

/** What is compared takes memory for every message that there might be. */
function checkMessages(messages: number, members: readonly MemberLog[], given: boolean): void {
  const max = comparableMessagesMax(members.length);
  if (Number.isInteger(messages) && messages >= 0 && messages <= max) return;
  const allowed = `with ${members.length} files, 0 to ${max} can be compared`;
  if (given) throw new SequenceFileError(`${messages} messages a peer: ${allowed}`);
  const culprit = members.find(({ sequence }) =>
    sequence.sequences.some((n, i) => n + 1 === messages && sequence.senders[i]! < members.length),
  );
  throw new SequenceFileError(
    `${culprit?.peerId ?? 'a file'} has sequence number ${messages - 1}, so ` +
      `${messages} messages a peer: ${allowed}; say how many there were`,
  );
}
