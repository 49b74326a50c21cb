import { DeliveredSequence } from '../core/delivered-sequence.ts';
import { DecodeError, decodeChunk } from '../core/sequence-codec.ts';
import type { RunPlan } from './command.ts';
import { chunkSchema, type Chunk, type Report } from './documents.ts';
import type { Document } from './ports.ts';
import { lastSegment, nameStranger } from './read-reports.ts';

/** One chunk as it was found: `problem` says why it cannot be used, and is `null` when it can. */
export interface Piece {
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly deliveries: number;
  readonly multicasts: number;
  readonly problem: string | null;
}

/** The chunks of a run by member, and sentences about the ones that are no member's. */
export interface GroupedChunks {
  readonly pieces: ReadonlyMap<string, readonly Piece[]>;
  readonly findings: readonly string[];
}

/** What the chunks of one member hold together. */
export interface Log {
  readonly sequence: DeliveredSequence;
  /** Why nothing of it can be used; the sequence is then empty. */
  readonly rejected: string | null;
  /** Why it may end early. */
  readonly cut: string | null;
}

/**
 * A defective ordering may deliver a message twice, and the comparison shall say so; a log with more
 * than this many times all messages of the run is none.
 */
const REPEATS_MAX = 2;

/** Sorts the documents under `runs/{runId}/chunks` by member and index. */
export function groupChunks(plan: RunPlan, documents: readonly Document[]): GroupedChunks {
  const pieces = new Map<string, Piece[]>(plan.members.map(({ peerId }) => [peerId, []]));
  const strangers = new Map<string, number>();
  for (const document of documents) {
    const id = lastSegment(document.path);
    const peerId = id.slice(0, Math.max(id.lastIndexOf('.'), 0));
    const own = pieces.get(peerId);
    if (own) own.push(toPiece(peerId, id.slice(peerId.length + 1), document));
    else strangers.set(peerId, (strangers.get(peerId) ?? 0) + 1);
  }
  for (const own of pieces.values()) own.sort((first, second) => first.index - second.index);
  const findings = [...strangers].map(
    ([id, count]) => `${count} chunk(s) of ${nameStranger(id)}, which is no member, were left out.`,
  );
  return { pieces, findings };
}

function toPiece(peerId: string, suffix: string, { fields, bytes }: Document): Piece {
  const index = /^[0-9]{6,9}$/.test(suffix) ? Number(suffix) : -1;
  const parsed = chunkSchema.safeParse(fields);
  const chunk: Chunk | null = parsed.success ? parsed.data : null;
  const isOwn = chunk !== null && chunk.peerId === peerId && chunk.index === index;
  return {
    index,
    bytes,
    deliveries: chunk?.deliveries ?? 0,
    multicasts: chunk?.multicasts ?? 0,
    problem: isOwn ? null : `its chunk ${JSON.stringify(suffix.slice(0, 20))} is not well formed`,
  };
}

/**
 * Puts a member's log together. With a report, every chunk that it counts must be there, and hold
 * what it counts. Without one the member crashed: then the chunks up to the first hole are its log.
 */
export function readLog(plan: RunPlan, pieces: readonly Piece[], report: Report | null): Log {
  const sequence = new DeliveredSequence();
  const whole = wholePieces(pieces);
  const cut = whole.length < pieces.length ? `its chunk ${whole.length} is missing` : null;
  if (report !== null && (cut !== null || pieces.length !== report.chunks)) {
    const found = `${pieces.length} of the ${report.chunks} chunks that its report counts`;
    return rejectedLog(`${cut === null ? '' : `${cut}: `}it left ${found}`);
  }
  for (const piece of whole) {
    const problem = append(plan, piece, sequence);
    if (problem !== null) return rejectedLog(problem);
  }
  const differs =
    report !== null &&
    (report.deliveries !== sequence.length || report.multicasts !== sequence.multicasts);
  if (differs) return rejectedLog('its chunks do not hold as much as its report counts');
  const afterHole = cut === null ? null : `${cut}: what it delivered after that is not known`;
  return { sequence, rejected: null, cut: afterHole };
}

/** The chunks from 0 up to the first hole. */
function wholePieces(pieces: readonly Piece[]): readonly Piece[] {
  const hole = pieces.findIndex((piece, place) => piece.index !== place);
  const malformed = pieces.some(({ index }) => index < 0);
  // A chunk without a place tells of no hole, but its problem is to be told.
  if (malformed) return pieces;
  return hole < 0 ? pieces : pieces.slice(0, hole);
}

function append(plan: RunPlan, piece: Piece, sequence: DeliveredSequence): string | null {
  if (piece.problem !== null) return piece.problem;
  const limits = {
    deliveries: REPEATS_MAX * plan.members.length * plan.messages,
    multicasts: plan.messages,
  };
  try {
    const held = decodeChunk(piece.bytes, sequence, limits);
    const isHonest = held.deliveries === piece.deliveries && held.multicasts === piece.multicasts;
    return isHonest ? null : `its chunk ${piece.index} does not hold as much as it says`;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return `its chunk ${piece.index} does not decode: ${error.message}`;
  }
}

function rejectedLog(rejected: string): Log {
  return { sequence: new DeliveredSequence(), rejected, cut: null };
}
