import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { processLives } from './process-identity.ts';
import {
  attempt,
  attemptToRead,
  readIfPresent,
  writeWhole,
  type StateDirectory,
} from './state-directory.ts';

/** laboratory.json: which laboratory is up in a state directory. Holds no secret. */
export const laboratoryRecordSchema = z.object({
  pid: z.int().min(1),
  /**
   * The start of the process, which tells it from a later one of the same id; as `processStart` gives
   * it.
   */
  processStart: z.string().nullable().default(null),
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

const CLAIM_ATTEMPTS_MAX = 3;

/**
 * The laboratory that is up, or `null`. It is up as long as its process is there, however silent its
 * functions are: they may be paused, or just restarting. Changes nothing: what a dead laboratory left
 * behind is removed by the next one that claims the directory. Throws an error that says why the record
 * cannot be read, as in another user's directory.
 */
export async function findLaboratory(directory: StateDirectory): Promise<LaboratoryRecord | null> {
  const record = parseRecord(await readText(directory));
  return record !== null && (await processLives(record)) ? record : null;
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
    const text = await readText(directory);
    const other = parseRecord(text);
    if (other !== null && (await processLives(other))) {
      throw new LaboratoryIsUpError(describeLaboratory(directory, other));
    }
    if (text !== null) await removeStale(directory, text);
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
  const record = parseRecord(await readText(directory));
  if (record?.pid === process.pid) await rm(directory.laboratoryFile, { force: true });
}

/** The text of the record, or `null` where there is none. Throws an error that says why it cannot be read. */
function readText({ path, laboratoryFile }: StateDirectory): Promise<string | null> {
  return attemptToRead(path, laboratoryFile, () => readIfPresent(laboratoryFile));
}

/** `null` without a text, or for one that is no record. */
function parseRecord(text: string | null): LaboratoryRecord | null {
  if (text === null) return null;
  try {
    return laboratoryRecordSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

// Writes the record beside its place and then links it, so that a reader who finds the file finds all
// of it.
async function createRecord(directory: StateDirectory, record: LaboratoryRecord): Promise<boolean> {
  const { path, laboratoryFile } = directory;
  const draft = `${laboratoryFile}.${randomUUID()}.draft`;
  return attempt(path, laboratoryFile, async () => {
    try {
      await writeFile(draft, JSON.stringify(record, null, 2) + '\n', { mode: 0o600 });
    } catch (error) {
      await rm(draft, { force: true }).catch(() => undefined);
      throw error;
    }
    return linkAndRemove(draft, laboratoryFile);
  });
}

// Moves a stale record aside and then looks at it: a process that claimed the directory meanwhile gets
// its record back.
async function removeStale({ laboratoryFile }: StateDirectory, stale: string): Promise<void> {
  const aside = `${laboratoryFile}.${randomUUID()}.stale`;
  try {
    await rename(laboratoryFile, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if ((await readFile(aside, 'utf8')) === stale) await rm(aside, { force: true });
  else await linkAndRemove(aside, laboratoryFile);
}

/** Gives the file at `from` the name `to`, unless there is one of that name: then gives false. */
async function linkAndRemove(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(from, { force: true });
  }
}

/** Throws `LaboratoryIsUpError` where a laboratory is up in the directory, which it names. */
export async function refuseSecondLaboratory(directory: StateDirectory): Promise<void> {
  const other = await findLaboratory(directory);
  if (other !== null) throw new LaboratoryIsUpError(describeLaboratory(directory, other));
}

function describeLaboratory(directory: StateDirectory, record: LaboratoryRecord): string {
  const where = record.url ?? 'still starting';
  const doubt =
    record.processStart === null
      ? `; if that process is another program, delete ${directory.laboratoryFile}`
      : '';
  return (
    `a laboratory is up already in ${directory.path} (process ${record.pid}, ${where}, ` +
    `${record.peers.length} peers, ${record.backend}); end it with "mpcomm exit", ` +
    `or use another --state directory${doubt}`
  );
}
