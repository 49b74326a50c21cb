/**
 * What a worker could reach the network, the page's kept files, other pages or the page itself with. An ordering needs
 * none of it, and one that came with a link is somebody else's program: it could tell the page that it passed.
 * What is no name, such as an `import()` that is evaluated, the policy of the worker ends (web/workers/worker-files.ts).
 * web/workers/answer-questions.ts has taken hold of `postMessage` by then.
 */
const DOORS = [
  ...['fetch', 'XMLHttpRequest', 'WebSocket', 'WebSocketStream', 'WebTransport', 'EventSource'],
  ...['caches', 'indexedDB', 'BroadcastChannel', 'Worker', 'SharedWorker', 'importScripts'],
  // The buckets of `navigator` lead to the caches and databases as well.
  ...['FontFace', 'fonts', 'navigator', 'postMessage', 'close', 'onmessage'],
  ...['addEventListener', 'removeEventListener', 'dispatchEvent'],
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
