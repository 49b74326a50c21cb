import { Session } from 'node:inspector/promises';
import { openBackend } from '../../../backend/open-backend.ts';
import { createLog } from '../../log.ts';
import { decodeDocuments, SURRENDER } from './surrendered.ts';

/** The status with which sysexits.h says "internal software error". */
const EXIT_STUCK = 70;
/** After this time the process is ended although its last documents may not be in the store. */
const END_MS_MAX = 15_000;

/**
 * Called by another thread than the main one, whose call number `count` does not come back: has it end its member because
 * of `failure`, creates what it had not brought to the store, and ends the process. False if the call has come back
 * meanwhile, so that everything goes on.
 */
export async function endStuckProcess(count: number, failure: string): Promise<boolean> {
  const log = createLog('info', process.env['MPCOMM_PEER_ID'] ?? 'peer');
  const kill = setTimeout(() => process.kill(process.pid, 'SIGKILL'), END_MS_MAX);
  const session = new Session();
  session.connectToMainThread();
  try {
    const documents = await askMainThread(session, count, failure);
    if (documents === null) {
      clearTimeout(kill);
      session.disconnect();
      return false;
    }
    log.error(`this process is ended: ${failure}`);
    await createAll(documents);
  } catch (error) {
    log.error({ err: error }, `the last documents could not be created: ${failure}`);
  }
  void session.post('Runtime.evaluate', { expression: `process.exit(${EXIT_STUCK})` });
  session.disconnect();
  return true;
}

/** What the main thread has not brought to the store; `null` if its call has come back. */
async function askMainThread(
  session: Session,
  count: number,
  failure: string,
): Promise<string | null> {
  const surrender = `globalThis[Symbol.for(${JSON.stringify(SURRENDER)})]`;
  const expression = `${surrender}(${count}, ${JSON.stringify(failure)})`;
  const answer = await session.post('Runtime.evaluate', { expression, returnByValue: true });
  const { result, exceptionDetails } = answer;
  if (exceptionDetails !== undefined) {
    throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  }
  return result.value as string | null;
}

/** Creates the documents one after the other; one that is there already stays as it is. */
async function createAll(documents: string): Promise<void> {
  const backend = await openBackend(process.env);
  try {
    for (const { path, fields, bytes } of decodeDocuments(documents)) {
      await backend.store.create(path, fields, bytes);
    }
  } finally {
    await backend.close();
  }
}
