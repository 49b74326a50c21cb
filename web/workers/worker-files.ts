/** Where the build put each worker: scripts/build-web.ts replaces the name by what it wrote. */
declare const WORKER_FILES: Readonly<Record<WorkerName, string>>;

export type WorkerName = 'simulation' | 'compare';

/** Starts one of the workers that the build made. */
export function startWorker(name: WorkerName): Worker {
  return new Worker(new URL(WORKER_FILES[name], document.baseURI), { type: 'module', name });
}
