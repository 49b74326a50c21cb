import { link, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { readIfPresent, writeWhole, type StateDirectory } from './state-directory.ts';

/** laboratory.json: which laboratory is up in a state directory. Holds no secret. */
export const laboratoryRecordSchema = z.object({
  pid: z.int().min(1),
  startedAtMs: z.int().min(0),
  backend: z.enum(['embedded', 'emulators']),
  /** Base address of the functions; `null` while the laboratory starts. */
  url: z.string().nullable(),
  /** What `openBackend` needs to read this laboratory's store. */
  environment: z.record(z.string(), z.string()),
  peers: z.array(z.object({ peerId: z.string(), zone: z.string() })),
  loss: z.number(),
});
export type LaboratoryRecord = z.infer<typeof laboratoryRecordSchema>;

/** Another laboratory has the state directory. */
export class LaboratoryIsUpError extends Error {
  override name = 'LaboratoryIsUpError';
}

/** How long a laboratory may be starting before its record counts as left behind. */
const STARTING_MS_MAX = 120_000;
/** The functions may just be restarting: a silent address is asked again for this long. */
const ANSWER_MS_MAX = 3_000;
const CLAIM_ATTEMPTS_MAX = 3;

/** The laboratory that is up, or `null`; a record that a dead one left behind is removed. */
export async function findLaboratory(directory: StateDirectory): Promise<LaboratoryRecord | null> {
  const record = await readRecord(directory);
  if (record === 'absent') return null;
  if (record !== 'unreadable' && (await isUp(record))) return record;
  // Judging takes seconds: whoever claimed the directory meanwhile keeps it.
  if (JSON.stringify(await readRecord(directory)) === JSON.stringify(record)) {
    await rm(directory.laboratoryFile, { force: true });
  }
  return null;
}

/**
 * Takes the state directory for the laboratory of this process. Of two that start at once one gets
 * it. Throws `LaboratoryIsUpError`, which names the one that has it.
 */
export async function claimLaboratory(
  directory: StateDirectory,
  record: LaboratoryRecord,
): Promise<void> {
  for (let attempt = 1; attempt <= CLAIM_ATTEMPTS_MAX; attempt += 1) {
    if (await createRecord(directory, record)) return;
    const other = await findLaboratory(directory);
    if (other !== null) throw new LaboratoryIsUpError(describeLaboratory(directory, other));
  }
  throw new Error(`${directory.laboratoryFile} keeps changing; is another laboratory starting?`);
}

/** Replaces the record of this process's own laboratory. */
export async function updateLaboratory(
  directory: StateDirectory,
  record: LaboratoryRecord,
): Promise<void> {
  await writeWhole(directory.laboratoryFile, JSON.stringify(record, null, 2) + '\n');
}

/** Removes the record if it is this process's own. */
export async function releaseLaboratory(directory: StateDirectory): Promise<void> {
  const record = await readRecord(directory);
  if (typeof record === 'object' && record.pid === process.pid) {
    await rm(directory.laboratoryFile, { force: true });
  }
}

/** True while a process of that id exists, whoever owns it. */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function readRecord(
  directory: StateDirectory,
): Promise<LaboratoryRecord | 'absent' | 'unreadable'> {
  const text = await readIfPresent(directory.laboratoryFile);
  if (text === null) return 'absent';
  try {
    return laboratoryRecordSchema.parse(JSON.parse(text));
  } catch {
    return 'unreadable';
  }
}

// Written beside and then linked: whoever finds the file finds all of it.
async function createRecord(directory: StateDirectory, record: LaboratoryRecord): Promise<boolean> {
  const draft = `${directory.laboratoryFile}.${process.pid}.draft`;
  await writeFile(draft, JSON.stringify(record, null, 2) + '\n', { mode: 0o600 });
  try {
    await link(draft, directory.laboratoryFile);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

// A process id alone proves little: ids are used again. So the functions have to answer as well.
async function isUp(record: LaboratoryRecord): Promise<boolean> {
  if (!processExists(record.pid)) return false;
  if (record.url === null) return Date.now() - record.startedAtMs < STARTING_MS_MAX;
  const untilMs = Date.now() + ANSWER_MS_MAX;
  do {
    if (await answers(record.url)) return true;
    await sleep(200);
  } while (Date.now() < untilMs && processExists(record.pid));
  return false;
}

/** Whether anything speaks HTTP there, whatever it says. */
export async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { method: 'GET', signal: AbortSignal.timeout(1_000) });
    await response.arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

function describeLaboratory(directory: StateDirectory, record: LaboratoryRecord): string {
  const where = record.url ?? 'still starting';
  return (
    `a laboratory is up already in ${directory.path} (process ${record.pid}, ${where}, ` +
    `${record.peers.length} peers, ${record.backend}); end it with "mpcomm exit", ` +
    'or use another --state directory'
  );
}
