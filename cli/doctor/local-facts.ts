import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { access, constants, mkdtemp, rm, stat, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findEmulators, type FoundEmulators } from '../../local/emulators.ts';
import { freePort } from '../../local/free-port.ts';
import { findLaboratory, type LaboratoryRecord } from '../../local/laboratory-file.ts';
import { openBackend } from '../../backend/open-backend.ts';
import { checkStateFile } from '../../backend/sqlite-check.ts';
import { fileReason, readingReason } from '../../local/state/file-error.ts';
import { isAbsence, type StateDirectory } from '../../local/state-directory.ts';
import { findExposed, type Exposure } from '../../local/state/permissions.ts';
import { gather, type Gathered } from './check.ts';

export interface Space {
  readonly freeBytes: number;
  /** Files that can still be created; `null` where the file system counts none. */
  readonly freeFiles: number | null;
}

export interface StoreSize {
  readonly bytes: number;
  /** False for a file so large that looking through it would take too long. */
  readonly isChecked: boolean;
}

/** What is to be known of this machine before a laboratory is started on it. */
export interface LocalFacts {
  readonly nodeVersion: string;
  /** A TCP port of the loopback interface that could be bound. */
  readonly port: Gathered<number>;
  /** Milliseconds from a datagram's sending to its arrival, on the loopback interface. */
  readonly datagramMs: Gathered<number>;
  /** Whether a document that was written could be read again. */
  readonly sqlite: Gathered<boolean>;
  readonly stateDirectory: Gathered<string>;
  /** Bytes and files that this user may still write where the state directory is, or will be. */
  readonly space: Gathered<Space>;
  /** How large the store of earlier runs is, which was looked through; `null` when there is none. */
  readonly store: Gathered<StoreSize | null>;
  /** What other users of this machine could do to the laboratory's files. */
  readonly exposed: Gathered<readonly Exposure[]>;
  readonly emulators: Gathered<FoundEmulators>;
  readonly laboratory: Gathered<LaboratoryRecord | null>;
}

const QUICK_MS_MAX = 3_000;
const SQLITE_MS_MAX = 10_000;
const STORE_MS_MAX = 60_000;
/** The largest store that is looked through: a larger one would hold the doctor up for many seconds. */
const STORE_BYTES_MAX = 1_073_741_824;
/** gcloud is a Python program, and slow to start on a busy machine. */
const EMULATORS_MS_MAX = 25_000;

/** Finds out about this machine; every question has a deadline, and leaves nothing behind. */
export async function gatherLocalFacts(directory: StateDirectory): Promise<LocalFacts> {
  // This comes first and alone, because it is a measurement, which other questions would delay.
  const datagramMs = await gather(sendDatagram, QUICK_MS_MAX);
  const [port, sqlite, stateDirectory, space, exposed, emulators, laboratory] = await Promise.all([
    gather(freePort, QUICK_MS_MAX),
    gather(trySqlite, SQLITE_MS_MAX),
    gather(() => tryDirectory(directory.path), QUICK_MS_MAX),
    gather(() => measureSpace(directory.path), QUICK_MS_MAX),
    gather(() => findExposed(directory), QUICK_MS_MAX),
    gather(() => findEmulators(), EMULATORS_MS_MAX),
    gather(() => findLaboratory(directory), QUICK_MS_MAX),
  ]);
  const nodeVersion = process.versions.node;
  // This comes last, because it holds this process up.
  const store = await gather(() => lookThrough(directory.stateFile), STORE_MS_MAX);
  return {
    nodeVersion,
    port,
    datagramMs,
    sqlite,
    stateDirectory,
    space,
    store,
    exposed,
    emulators,
    laboratory,
  };
}

async function sendDatagram(): Promise<number> {
  const [from, to] = [createSocket('udp4'), createSocket('udp4')];
  try {
    await Promise.all([bind(from), bind(to)]);
    const startedMs = performance.now();
    const arrived = once(to, 'message', { signal: AbortSignal.timeout(QUICK_MS_MAX) });
    from.send('mpcomm', to.address().port, '127.0.0.1');
    await arrived;
    return performance.now() - startedMs;
  } finally {
    from.close();
    to.close();
  }
}

async function bind(socket: Socket): Promise<void> {
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening', { signal: AbortSignal.timeout(QUICK_MS_MAX) });
}

async function trySqlite(): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'mpcomm-doctor-'));
  try {
    const file = join(folder, 'state.sqlite');
    const backend = await openBackend({ MPCOMM_BACKEND: 'embedded', MPCOMM_STATE_FILE: file });
    await backend.store.create('doctor/visit', { written: true });
    const document = await backend.store.read('doctor/visit');
    await backend.close();
    return document?.fields['written'] === true;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureSpace(path: string): Promise<Space> {
  const { bavail, bsize, files, ffree } = await statfs(await nearestExisting(path));
  return { freeBytes: bavail * bsize, freeFiles: files === 0 ? null : ffree };
}

async function lookThrough(stateFile: string): Promise<StoreSize | null> {
  const found = await stat(stateFile).catch((error: unknown) => {
    if (isAbsence(error)) return null;
    throw unusable(stateFile, readingReason(error));
  });
  if (found === null || found.size === 0) return null;
  const isChecked = found.size <= STORE_BYTES_MAX;
  if (isChecked) await checkStateFile(stateFile);
  const log = await stat(`${stateFile}-wal`).catch(() => null);
  return { bytes: found.size + (log?.size ?? 0), isChecked };
}

async function nearestExisting(path: string): Promise<string> {
  for (let place = path; dirname(place) !== place; place = dirname(place)) {
    if (existsSync(place)) return place;
  }
  return '/';
}

/** The directory and the folders in it, or the nearest place above each that exists, must be ones to create files in. */
async function tryDirectory(path: string): Promise<string> {
  for (const folder of ['logs', 'comparisons']) await tryFolder(join(path, folder));
  return path;
}

async function tryFolder(path: string): Promise<void> {
  for (let place = path; ; place = dirname(place)) {
    const found = await stat(place).catch((error: unknown) => {
      if (isAbsence(error)) return null;
      throw unusable(place, fileReason(error));
    });
    if (found === null && dirname(place) !== place) continue;
    if (found?.isDirectory() !== true) throw unusable(place, 'is no directory');
    // Also an empty folder may be one in which nothing can be found again.
    return access(place, constants.W_OK | constants.X_OK).catch((error: unknown) => {
      throw unusable(place, fileReason(error));
    });
  }
}

function unusable(place: string, reason: string): Error {
  return new Error(`${place}: ${reason}; name another folder with --state`);
}
