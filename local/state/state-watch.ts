import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import type { WallClock } from '../../control/ports.ts';
import { isAbsence, type StateDirectory } from '../state-directory.ts';
import { fileReason } from './file-error.ts';

/** How often a laboratory looks after its files. */
const LOOK_PERIOD_MS = 1_000;
/** With fewer bytes left than this, a person should hear that the disk is nearly full. */
export const SCARCE_BYTES = 16 * 1_048_576;
/**
 * With fewer bytes left than this, nothing can be written: it is one step of SQLite's log, and a few lines.
 */
const NO_ROOM_BYTES = 65_536;
/** The least step of a clock that is told: a time server that keeps a clock sets it by less. */
const CLOCK_STEP_MS_MIN = 5_000;

/** What a laboratory sees of its own state directory at one moment. */
export interface StateFacts {
  /** The record of this very laboratory is there. */
  readonly isClaimed: boolean;
  /** Tells the store's file from another of its name; `null` when there is none. */
  readonly storeInode: bigint | 'unknown' | null;
  /** Why nothing can be created in the directory; `null` when something can. */
  readonly unwritable: string | null;
  /** What this user may still write; `null` where the system does not tell. */
  readonly freeBytes: number | null;
  /** How far the time of day is from the laboratory's own clock. */
  readonly clockAheadMs: number;
}

/** What follows from a look. */
export interface StateJudgement {
  /** Why the laboratory cannot stay up; `null` while it can. */
  readonly lost: string | null;
  /** What a person should hear: only what has changed since the look before. */
  readonly notes: readonly string[];
}

/**
 * What a person should hear of the change from `before` to `now` in the directory at `path`.
 *
 * A laboratory whose files were deleted goes on only in its own eyes: nobody finds it any more, and what
 * it writes goes away with it. One that cannot write keeps what it has and tries again.
 */
export function judgeState(path: string, before: StateFacts, now: StateFacts): StateJudgement {
  const notes: string[] = [];
  if (now.unwritable !== before.unwritable) {
    notes.push(
      now.unwritable === null
        ? `${path} can be written again`
        : `${path} cannot be written any more: ${now.unwritable}; deliveries are kept until it can`,
    );
  }
  const room = roomOf(now);
  if (room !== roomOf(before)) {
    notes.push(`the file system of ${path} ${ROOM[room]} (${mebibytes(now)} MiB are free)`);
  }
  const stepMs = now.clockAheadMs - before.clockAheadMs;
  if (Math.abs(stepMs) >= CLOCK_STEP_MS_MIN) {
    const how = `was set ${stepMs < 0 ? 'back' : 'forward'} by ${Math.round(Math.abs(stepMs) / 1_000)} s`;
    notes.push(`the clock of this machine ${how}; the laboratory goes on with its own time`);
  }
  return { lost: lossOf(path, before, now), notes };
}

function lossOf(path: string, before: StateFacts, now: StateFacts): string | null {
  if (!now.isClaimed) return `${path} was deleted, or given to another laboratory`;
  const [then, since] = [before.storeInode, now.storeInode];
  if (then === null || then === 'unknown' || since === 'unknown' || since === then) return null;
  return `the store in ${path} was ${since === null ? 'deleted' : 'replaced by another file'}`;
}

type Room = 'ample' | 'scarce' | 'none';

const ROOM: Readonly<Record<Room, string>> = {
  ample: 'has room again',
  scarce: 'is nearly full',
  none: 'is full: deliveries wait for their upload until there is room, and lines of the logs are lost',
};

function roomOf({ freeBytes }: Pick<StateFacts, 'freeBytes'>): Room {
  if (freeBytes === null || freeBytes >= SCARCE_BYTES) return 'ample';
  return freeBytes >= NO_ROOM_BYTES ? 'scarce' : 'none';
}

function mebibytes({ freeBytes }: StateFacts): string {
  return ((freeBytes ?? 0) / 1_048_576).toFixed(1);
}

export interface StateWatchOptions {
  readonly directory: StateDirectory;
  /** Whether the record in the directory is the one of this very laboratory. */
  readonly isClaimed: () => Promise<boolean>;
  /** The laboratory's own clock. */
  readonly clock: WallClock;
  readonly onNote: (note: string) => void;
  /** Called once, with the reason. */
  readonly onLost: (reason: string) => void;
}

/** Looks once a second whether the files of a laboratory are still there and can be written. */
export class StateWatch {
  readonly #options: StateWatchOptions;
  #before: StateFacts;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  static async start(options: StateWatchOptions): Promise<StateWatch> {
    const watch = new StateWatch(options, await gatherState(options));
    watch.#scheduleNext();
    return watch;
  }

  private constructor(options: StateWatchOptions, first: StateFacts) {
    this.#options = options;
    // The first look is compared with a directory in which all is well, so that it tells what is not.
    this.#before = { ...first, unwritable: null, freeBytes: null, clockAheadMs: 0 };
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #scheduleNext(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void this.#look(), LOOK_PERIOD_MS);
  }

  async #look(): Promise<void> {
    const { directory, onNote, onLost } = this.#options;
    const now = await gatherState(this.#options);
    if (this.#stopped) return;
    const { lost, notes } = judgeState(directory.path, this.#before, now);
    for (const note of notes) onNote(note);
    this.#before = now;
    if (lost === null) this.#scheduleNext();
    else onLost(lost);
  }
}

/**
 * Why the store in the directory cannot be written at this moment, with the cure; `null` where it can, and where the
 * system does not tell, as of a user's share of a file system.
 */
export async function whyUnwritable({ path, stateFile }: StateDirectory): Promise<string | null> {
  const [unwritable, freeBytes] = await Promise.all([writability(path), freeBytesOf(path)]);
  const reason =
    unwritable ?? (roomOf({ freeBytes }) === 'none' ? 'the file system is full' : null);
  if (reason === null) return null;
  return `${stateFile} cannot be written: ${reason}; make room, or name another folder with --state`;
}

async function writability(path: string): Promise<string | null> {
  return access(path, constants.W_OK | constants.X_OK).then(() => null, reasonUnlessAbsent);
}

async function freeBytesOf(path: string): Promise<number | null> {
  return statfs(path).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => null,
  );
}

async function gatherState(options: StateWatchOptions): Promise<StateFacts> {
  const { path, stateFile } = options.directory;
  const [isClaimed, storeInode, unwritable, freeBytes] = await Promise.all([
    // A record that cannot be read now says nothing: only one that is not there does.
    options.isClaimed().catch(() => true),
    stat(stateFile, { bigint: true }).then(({ ino }) => ino, nullIfAbsent),
    writability(path),
    freeBytesOf(path),
  ]);
  return {
    isClaimed,
    storeInode,
    unwritable,
    freeBytes,
    clockAheadMs: Date.now() - options.clock(),
  };
}

/**
 * `null` for a file that is absent; a file that cannot be looked at now, perhaps for want of
 * descriptors, is not therefore gone.
 */
function nullIfAbsent(error: unknown): 'unknown' | null {
  return isAbsence(error) ? null : 'unknown';
}

/** A directory that is gone is not called unwritable. */
function reasonUnlessAbsent(error: unknown): string | null {
  return isAbsence(error) ? null : fileReason(error);
}
