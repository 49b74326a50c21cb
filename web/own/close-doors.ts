/**
 * What a worker could reach the network, the page's kept files, other pages or the page itself with. An ordering needs
 * none of it, and one that came with a link is somebody else's program: it could tell the page that it passed.
 * web/workers/answer-questions.ts has taken hold of `postMessage` by then.
 */
const DOORS = [
  ...['fetch', 'XMLHttpRequest', 'WebSocket', 'WebSocketStream', 'WebTransport', 'EventSource'],
  ...['caches', 'indexedDB', 'BroadcastChannel', 'Worker', 'SharedWorker', 'importScripts'],
  ...['postMessage', 'close', 'onmessage', 'addEventListener', 'removeEventListener'],
];

/** Takes the doors out of a worker's global scope for good; where there is no worker, nothing happens. */
export function closeDoors(scope: object = globalThis): void {
  if (!('WorkerGlobalScope' in scope)) return;
  for (let holder: object | null = scope; holder !== null; holder = nextHolder(holder)) {
    for (const name of DOORS) Reflect.deleteProperty(holder, name);
  }
}

function nextHolder(holder: object): object | null {
  return Object.getPrototypeOf(holder) as object | null;
}
