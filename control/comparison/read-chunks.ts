import { DeliveredSequence } from '../../core/records/delivered-sequence.ts';
import { readHeader } from '../../core/records/sequence-chunk.ts';
import { CHUNK_BYTES_MAX, DecodeError, decodeChunk } from '../../core/records/sequence-codec.ts';
import type { RunPlan } from '../command.ts';
import { chunkSchema, paths, type Report } from '../documents.ts';
import type { Document, Store } from '../ports.ts';
import { quote } from '../printable.ts';
import { lastSegment, nameStranger } from './read-reports.ts';

/** What the chunks of one member hold together. */
export interface Log {
  readonly sequence: DeliveredSequence;
  /** Whether every chunk tells of the contents that were not as the run prescribes. */
  readonly contentsNoted: boolean;
  /** Whether it left any chunk. */
  readonly isThere: boolean;
  /** Why nothing of the log can be used; the sequence is then empty. */
  readonly rejected: string | null;
  /** Why the log may end early. */
  readonly cut: string | null;
}

/**
 * The most deliveries of a log, as a multiple of all messages of the run: the comparison has to tell of
 * a defective ordering that delivers messages twice, and a longer log is none.
 */
const REPEATS_MAX = 2;

/** The most chunks of a member: the longest run lasts an hour, and a member uploads twice a second. */
const CHUNKS_MAX = 8_192;

/** How many chunks are read at a time, since one may have a mebibyte; they are forgotten once decoded. */
const PAGE = 16;

/** A character that is greater than whatever follows a member's id and full stop. */
const GREATEST = '\u{f8ff}';

/** The part of a log that was put together so far. */
class Reading {
  readonly sequence = new DeliveredSequence();
  contentsNoted = true;
  /** How many chunks were put together. */
  taken = 0;

  finished(cut: string | null): Log {
    const { sequence, contentsNoted, taken } = this;
    return { sequence, contentsNoted, isThere: taken > 0, rejected: null, cut };
  }
}

/**
 * Reads and puts together what one member delivered. With a report, every chunk that it counts must
 * be there, and hold what it counts. Without one the member crashed: then the chunks up to the first
 * hole are its log. However many chunks there are and whatever is in them, no more than a page of
 * them is held at a time, and reading ends at the first that cannot be used.
 */
export async function readChunkedLog(
  store: Pick<Store, 'list'>,
  plan: RunPlan,
  peerId: string,
  report: Report | null,
): Promise<Log> {
  const collection = paths.chunks(plan.runId);
  const prefix = `${peerId}.`;
  const reading = new Reading();
  for (let after = prefix; ;) {
    const page = await store.list(collection, { prefix, after, first: PAGE });
    for (const document of page) {
      const index = indexOf(document);
      if (index !== null && index !== reading.taken) {
        return hole(store, plan, peerId, report, reading);
      }
      const problem = append(plan, peerId, document, index, reading);
      if (problem !== null) return rejectedLog(problem);
      reading.taken += 1;
    }
    if (reading.taken > CHUNKS_MAX) return rejectedLog(`it left more than ${CHUNKS_MAX} chunks`);
    if (page.length < PAGE) break;
    after = lastSegment(page.at(-1)!.path);
  }
  const problem = report === null ? null : contradiction(report, reading);
  return problem === null ? reading.finished(null) : rejectedLog(problem, reading.taken > 0);
}

/** How a report differs from the chunks that were found. */
function contradiction(report: Report, { taken, sequence }: Reading): string | null {
  if (taken !== report.chunks) return `it left ${countChunks(taken, report)}`;
  const isSame = report.deliveries === sequence.length && report.multicasts === sequence.multicasts;
  return isSame ? null : 'its chunks do not hold as much as its report counts';
}

function countChunks(found: number, report: Report): string {
  return `${found} of the ${report.chunks} chunks that its report counts`;
}

/**
 * Tells what a hole means: the next chunk is missing though later ones are there, whose names alone
 * still matter.
 */
async function hole(
  store: Pick<Store, 'list'>,
  plan: RunPlan,
  peerId: string,
  report: Report | null,
  reading: Reading,
): Promise<Log> {
  const cut = `its chunk ${reading.taken} is missing`;
  if (report === null) {
    const log = reading.finished(`${cut}: what it delivered after that is not known`);
    return { ...log, isThere: true };
  }
  const prefix = `${peerId}.`;
  const options = { prefix, bytes: false, first: CHUNKS_MAX };
  const names = await store.list(paths.chunks(plan.runId), options);
  return rejectedLog(`${cut}: it left ${countChunks(names.length, report)}`);
}

/** A chunk's number by its id; `null` when that has none. */
function indexOf({ path }: Document): number | null {
  const suffix = suffixOf(path);
  return /^[0-9]{6}$/.test(suffix) ? Number(suffix) : null;
}

function suffixOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

/** Appends a chunk; gives the reason why it cannot be used. */
function append(
  plan: RunPlan,
  peerId: string,
  { path, fields, bytes }: Document,
  index: number | null,
  reading: Reading,
): string | null {
  const parsed = chunkSchema.safeParse(fields);
  const chunk = parsed.data;
  if (index === null || chunk?.peerId !== peerId || chunk.index !== index) {
    return `its chunk ${quote(suffixOf(path), 20)} is not well formed`;
  }
  if (bytes.length > CHUNK_BYTES_MAX) {
    return `its chunk ${index} has ${bytes.length} bytes; at most ${CHUNK_BYTES_MAX} are allowed`;
  }
  try {
    const size = plan.members.length;
    const { size: claimed, hasNotes } = readHeader(bytes);
    if (claimed !== size) return `its chunk ${index} is of ${claimed} members, not of ${size}`;
    if (!hasNotes) reading.contentsNoted = false;
    const held = decodeChunk(bytes, reading.sequence, limitsOf(plan));
    if (held.deliveries + held.multicasts === 0) return `its chunk ${index} holds nothing`;
    const isHonest = held.deliveries === chunk.deliveries && held.multicasts === chunk.multicasts;
    return isHonest ? null : `its chunk ${index} does not hold as much as it says`;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return `its chunk ${index} does not decode: ${error.message}`;
  }
}

function limitsOf({ members, messages }: RunPlan) {
  return { deliveries: REPEATS_MAX * members.length * messages, multicasts: messages };
}

function rejectedLog(rejected: string, isThere = true): Log {
  const sequence = new DeliveredSequence();
  return { sequence, contentsNoted: false, isThere, rejected, cut: null };
}

/** The most strangers that are named for each place between two members' ids. */
const STRANGERS_MAX = 5;

/**
 * Sentences about chunks that belong to no member. Only a few chunks between the members' own are
 * looked at, so that strangers cannot make the search long.
 */
export async function findStrangers(store: Pick<Store, 'list'>, plan: RunPlan): Promise<string[]> {
  const collection = paths.chunks(plan.runId);
  const ids = plan.members.map(({ peerId }) => peerId);
  const gaps = ['', ...ids.map((peerId) => `${peerId}.${GREATEST}`)];
  const pages = await Promise.all(
    gaps.map((after) => store.list(collection, { after, first: STRANGERS_MAX, bytes: false })),
  );
  const counts = new Map<string, Set<string>>();
  for (const { path } of pages.flat()) {
    const id = lastSegment(path);
    const peerId = id.slice(0, Math.max(id.lastIndexOf('.'), 0));
    if (!ids.includes(peerId)) counts.set(peerId, (counts.get(peerId) ?? new Set()).add(id));
  }
  return [...counts].map(([peerId, found]) => {
    const least = found.size < STRANGERS_MAX ? '' : 'at least ';
    return `${least}${found.size} chunk(s) of ${nameStranger(peerId)}, which is no member, were left out.`;
  });
}
