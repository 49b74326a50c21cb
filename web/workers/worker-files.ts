export type WorkerName = 'simulation' | 'compare' | 'diagram' | 'types';

/** Starts one of the workers that the build made. */
export function startWorker(name: WorkerName): Worker {
  return new Worker(new URL(fileOf(name), document.baseURI), { type: 'module', name });
}

/** Where the build put a worker: it wrote so into the page, as `name=file` with spaces between. */
function fileOf(name: WorkerName): string {
  const told = document.querySelector<HTMLMetaElement>('meta[name="workers"]')?.content ?? '';
  const file = told.split(' ').find((each) => each.startsWith(`${name}=`));
  if (file === undefined) throw new Error(`the page does not say where its worker ${name} is`);
  return file.slice(name.length + 1);
}
