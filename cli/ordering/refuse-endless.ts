import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { isOrderingFile } from '../../custom/load-ordering.ts';
import { Failure, messageOf } from '../shell/failure.ts';

/** How long a file may take to be loaded, which is a matter of milliseconds on an idle machine. */
const LOAD_MS_MAX = 15_000;

/** Says so once the file is loaded, or refused; it is text, because a built program has no file beside it. */
const LOADER = `
  const { parentPort, workerData } = require('node:worker_threads');
  import(workerData).catch(() => undefined).then(() => parentPort.postMessage('loaded'));
`;

/**
 * Loads the file of an ordering in a thread of its own, where a loop without end can be stopped: in this one nobody would be
 * left to tell, and not even Ctrl-C would be heard. Throws `Failure` where the file is never done with being loaded. What else
 * is wrong with it is left to who loads it next. The name of an ordering is no file, and passes.
 */
export async function refuseEndless(ordering: string, loadMsMax = LOAD_MS_MAX): Promise<void> {
  if (!isOrderingFile(ordering)) return;
  const workerData = pathToFileURL(resolve(ordering)).href;
  // What the file prints while it is loaded is printed when it is loaded for good.
  const worker = new Worker(LOADER, { eval: true, workerData, stdout: true, stderr: true });
  await answerOfLoading(worker, ordering, loadMsMax);
}

const OUTSIDE = 'What stands outside of create runs while the file is loaded';

/** The first message of a thread that loads the file of an ordering, which ends the thread. Throws `Failure` where none comes. */
export async function answerOfLoading<Answer>(
  worker: Worker,
  ordering: string,
  loadMsMax = LOAD_MS_MAX,
): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Answer>((answer, refuse) => {
      const fail = (how: string, why: string): void =>
        refuse(new Failure(`${ordering} ${how}. ${OUTSIDE}: ${why}`));
      const seconds = loadMsMax / 1_000;
      const late = `is not done with being loaded after ${seconds} s`;
      timer = setTimeout(() => fail(late, 'is there a loop without end?'), loadMsMax);
      worker.once('message', answer);
      worker.once('error', (error) => fail('cannot be loaded', messageOf(error)));
      worker.once('exit', () =>
        fail('is never done with being loaded', 'it ends the process, or awaits what never comes'),
      );
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
