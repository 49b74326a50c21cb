import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { isOrderingFile } from '../../custom/load-ordering.ts';
import { Failure } from '../shell/failure.ts';

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
  const end = await new Promise<'loaded' | 'late' | 'gone'>((settle) => {
    const timer = setTimeout(settle, loadMsMax, 'late');
    worker.once('message', () => settle('loaded'));
    worker.once('error', () => settle('loaded'));
    worker.once('exit', () => {
      clearTimeout(timer);
      settle('gone');
    });
  });
  await worker.terminate();
  const outside = 'What stands outside of create runs while the file is loaded';
  if (end === 'late') {
    const how = `is not done with being loaded after ${loadMsMax / 1_000} s`;
    throw new Failure(`${ordering} ${how}. ${outside}: is there a loop without end?`);
  }
  if (end === 'gone') {
    const how = 'is never done with being loaded';
    throw new Failure(
      `${ordering} ${how}. ${outside}: it ends the process, or awaits what never comes`,
    );
  }
}
