import { Message, NO_BYTES } from '../core/message.ts';

const ROOT = new URL('../', import.meta.url).href;

/** What JavaScript makes without a name that leads there: iterators, and functions that wait or pause. */
const UNNAMED: readonly object[] = [
  [][Symbol.iterator](),
  new Map()[Symbol.iterator](),
  new Set()[Symbol.iterator](),
  ''[Symbol.iterator](),
  ''.matchAll(/x/g),
  async () => Promise.resolve(),
  function* () {
    yield 0;
  },
  async function* () {
    yield Promise.resolve(0);
  },
];

/**
 * The classes of `fetch` and its like, by their names on `globalThis`. Node makes them when one is looked at, and loads HTTP and TLS
 * for that: some 70 modules, which took a thread as long as all else that it does before its first schedule.
 */
export const NETWORK_CLASSES: ReadonlySet<PropertyKey> = new Set([
  ...['FormData', 'Headers', 'Request', 'Response', 'MessageEvent'],
  ...['WebSocket', 'CloseEvent', 'EventSource'],
]);

/** Takes them out of a thread for good: what members keep there, nobody would see, and no ordering has another use for them. */
export function removeNetworkClasses(): void {
  for (const name of NETWORK_CLASSES) Reflect.deleteProperty(globalThis, name);
}

/**
 * The objects of which there is one in a process, and how each is called: those that have a name on `globalThis`, the classes
 * in them (`Intl.Collator`), and whatever all these inherit from (`Array.prototype`, `TypedArray`); with `process` and `Message`.
 * The names are asked of the process and not listed here, as a list is never whole. What Node makes only once it is asked for
 * is not asked for, but `crypto` and `performance`; its class is there, unless it is one of `NETWORK_CLASSES`.
 */
export function namedObjects(): ReadonlyMap<object, string> {
  const names = new Map<object, string>();
  names.set(globalThis, 'globalThis');
  for (const [key, value] of holdersIn(globalThis, NETWORK_CLASSES)) note(names, key, value);
  for (const [key, value] of Object.entries({ Buffer, process, Message })) note(names, key, value);
  note(names, 'process.env', process.env);
  for (const [key, value] of Object.entries({ crypto, performance })) note(names, key, value);
  note(names, 'the payload of a message without one', NO_BYTES);
  for (const made of UNNAMED) noteInherited(names, tagName(made), made);
  return names;
}

/**
 * The same of modules, by their addresses: what they export, and how much there is in the tables among that. The files of an
 * ordering import these, so that they can write there.
 */
export async function exportedObjects(
  addresses: readonly string[],
): Promise<ReadonlyMap<object, string>> {
  const names = new Map<object, string>();
  for (const address of addresses) {
    const module = (await import(address)) as Record<string, unknown>;
    const name = nameOfModule(address);
    for (const [key, value] of holdersIn(module)) note(names, `${key} of ${name}`, value);
    names.set({ ...module }, name);
  }
  return names;
}

/** `node:fs`, or the path of a file from the folder of the project on. */
function nameOfModule(address: string): string {
  return address.replace(ROOT, '');
}

/** Enters an object, the classes that it has as properties, and what it inherits from. */
function note(names: Map<object, string>, name: string, object: object): void {
  if (names.has(object)) return;
  names.set(object, name);
  for (const [key, value] of holdersIn(object)) {
    if (key === 'prototype' || /^[A-Z]/.test(key)) note(names, `${name}.${key}`, value);
  }
  noteInherited(names, name, object);
}

function noteInherited(names: Map<object, string>, name: string, object: object): void {
  const parent = Object.getPrototypeOf(object) as object | null;
  if (parent !== null) note(names, nameOfParent(parent, name), parent);
}

/** `Function.prototype` or `TypedArray`, as far as the parent says so itself. */
function nameOfParent(parent: object, child: string): string {
  if (typeof parent === 'function' && parent.name !== '') return parent.name;
  const maker: unknown = Object.getOwnPropertyDescriptor(parent, 'constructor')?.value;
  const isNamed = typeof maker === 'function' && maker.name !== '' && maker.prototype === parent;
  return isNamed ? `${maker.name}.prototype` : `Object.getPrototypeOf(${child})`;
}

function tagName(made: object): string {
  return Object.prototype.toString.call(made);
}

/** The own properties with a name and a value that can have properties; one that is asked for might do something. */
function* holdersIn(
  object: object,
  except: ReadonlySet<PropertyKey> = new Set(),
): Generator<readonly [string, object]> {
  for (const key of Object.getOwnPropertyNames(object)) {
    if (except.has(key)) continue;
    const value: unknown = Object.getOwnPropertyDescriptor(object, key)?.value;
    const isHolder = (typeof value === 'object' && value !== null) || typeof value === 'function';
    if (isHolder) yield [key, value];
  }
}
