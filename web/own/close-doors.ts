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

/** What is assigned to on objects that inherit it, as in `this.name = ...`: that is refused where what is inherited is fixed. */
const ASSIGNED_OVER = [Object.prototype, Error.prototype];

/**
 * Fixes what JavaScript has in a worker, and what `modules` export: an ordering is judged in the same place that it runs in,
 * and another `Array.prototype.filter` would let it write its own verdict. Where there is no worker, nothing happens.
 */
export function fixBuiltIns(modules: readonly unknown[], scope: object = globalThis): void {
  if (!('WorkerGlobalScope' in scope)) return;
  for (const name of Object.getOwnPropertyNames(scope)) {
    const property = Object.getOwnPropertyDescriptor(scope, name)!;
    // Classes and such as Math have large letters; what the page itself has changed, such as a door, has none.
    if (!/^[A-Z]/.test(name) || !('value' in property)) continue;
    fix(property.value);
    if (property.configurable === true) {
      Object.defineProperty(scope, name, { ...property, writable: false, configurable: false });
    }
  }
  // What has no name: whatever is gone through with `of`, and functions that wait or pause.
  const made = [[][Symbol.iterator](), new Map().entries(), new Set().values(), ''.matchAll(/x/g)];
  for (const each of [...made, ''[Symbol.iterator](), Uint8Array, function* () {}]) {
    for (let on: unknown = each; on !== null; on = Object.getPrototypeOf(on)) fix(on);
  }
  for (const module of modules)
    for (const exported of Object.values(module as object)) fix(exported);
}

function fix(value: unknown): void {
  const isObject = typeof value === 'function' || (typeof value === 'object' && value !== null);
  if (!isObject || Object.isFrozen(value)) return;
  const isError = value === Error || ASSIGNED_OVER.some((each) => each === value);
  if (isError) Object.preventExtensions(value);
  else Object.freeze(value);
  if (typeof value === 'function') fix(value.prototype);
}
