/** `own` is the simulation where it runs what somebody typed. */
export type WorkerName = 'simulation' | 'own' | 'compare' | 'diagram' | 'types';

/**
 * Starts one of the workers that the build made. A worker from a file has the policy that its host sends with it, and
 * a plain host sends none; one from a blob has that of the document which made the blob. The one that runs what
 * somebody typed is therefore started from a document that allows it to do that, and to reach no other host.
 */
export async function startWorker(name: WorkerName): Promise<Worker> {
  const options = { type: 'module', name } as const;
  if (name !== 'own') return new Worker(fileOf(name), options);
  frame ??= openFrame();
  const inside = await frame;
  const script = [`import ${JSON.stringify(fileOf('simulation'))}`];
  const url = inside.URL.createObjectURL(new inside.Blob(script, { type: 'text/javascript' }));
  return new inside.Worker(url, options);
}

type FrameWindow = Window & typeof globalThis;
let frame: Promise<FrameWindow> | null = null;

async function openFrame(): Promise<FrameWindow> {
  const element = document.createElement('iframe');
  element.hidden = true;
  element.src = fileOf('frame');
  const loaded = new Promise((resolve) => element.addEventListener('load', resolve));
  document.body.append(element);
  await loaded;
  // What a host sends in its place, such as that there is no such file, has no policy.
  if (element.contentDocument?.querySelector('meta') != null) {
    return element.contentWindow as FrameWindow;
  }
  frame = null;
  element.remove();
  throw new Error('the page is not whole: what keeps an ordering from the network is missing');
}

/** The address of a file of the build, which wrote it into the page, as `name=file` with spaces between. */
function fileOf(name: string): string {
  const told = document.querySelector<HTMLMetaElement>('meta[name="workers"]')?.content ?? '';
  const file = told.split(' ').find((each) => each.startsWith(`${name}=`));
  if (file === undefined) throw new Error(`the page does not say where its worker ${name} is`);
  return new URL(file.slice(name.length + 1), document.baseURI).href;
}
