/**
 * The service worker: keeps the files of the page, so that it opens without a network. The page itself is asked for
 * anew where there is one; everything else has a name that changes with its content, and is never asked for twice.
 */

/** The names of all files of this build: cli/dashboard/build-web.ts puts them in the place of this name. */
declare const OFFLINE_FILES: readonly string[];

/** What this file needs of a service worker's scope, which the types of a page do not know. */
interface OfflineScope {
  skipWaiting(): Promise<void>;
  readonly registration: { readonly scope: string };
}
interface WaitingEvent extends Event {
  waitUntil(promise: Promise<unknown>): void;
}
interface AskedEvent extends Event {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

const scope = globalThis as unknown as OfflineScope;
const PAGE = 'index.html';
const CACHE = `mpcomm ${OFFLINE_FILES.join(' ')}`;

async function keepAll(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll(OFFLINE_FILES.map((name) => new URL(name, scope.registration.scope).href));
  await scope.skipWaiting();
}

async function forgetOlder(): Promise<void> {
  const names = await caches.keys();
  const older = names.filter((name) => name.startsWith('mpcomm ') && name !== CACHE);
  await Promise.all(older.map((name) => caches.delete(name)));
}

/** The name of a file of the page that `request` asks for; `null` for anything else. */
function fileOf({ method, url }: Request): string | null {
  const base = scope.registration.scope;
  const plain = url.replace(/[?#].*$/, '');
  if (method !== 'GET' || !plain.startsWith(base)) return null;
  const name = plain === base ? PAGE : plain.slice(base.length);
  return OFFLINE_FILES.includes(name) ? name : null;
}

async function answer(request: Request, name: string): Promise<Response> {
  const kept = async (): Promise<Response | undefined> =>
    (await caches.open(CACHE)).match(new URL(name, scope.registration.scope).href);
  if (name !== PAGE) return (await kept()) ?? fetch(request);
  try {
    return await fetch(request);
  } catch (error) {
    const page = await kept();
    if (page === undefined) throw error;
    return page;
  }
}

addEventListener('install', (event) => {
  (event as WaitingEvent).waitUntil(keepAll());
});
addEventListener('activate', (event) => {
  (event as WaitingEvent).waitUntil(forgetOlder());
});
addEventListener('fetch', (event) => {
  const { request } = event as AskedEvent;
  const name = fileOf(request);
  if (name !== null) (event as AskedEvent).respondWith(answer(request, name));
});
