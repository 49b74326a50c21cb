import { exportedObjects, namedObjects, NETWORK_CLASSES } from './named-objects.ts';

/** What Node itself changes as it runs: how long the stacks of errors are, and what it has loaded of itself; and what it would load. */
const IGNORED: ReadonlySet<PropertyKey> = new Set([
  ...['stackTraceLimit', 'moduleLoadList'],
  ...NETWORK_CLASSES,
]);

interface Seen {
  readonly object: object;
  /** How it is called in what is told. */
  readonly name: string;
  /** All its properties, also those that are asked for: Node makes values of some when they are first used. */
  readonly keys: readonly PropertyKey[];
  /** Those that have a value, and the value. */
  readonly names: readonly PropertyKey[];
  readonly values: readonly unknown[];
  /** By the place of a value that holds others, and that whoever finds it may fill: how many it holds. */
  readonly sizes: ReadonlyMap<number, number>;
}

/**
 * All that members find in the process without being given it. It is taken down when something is watched for the first
 * time: Node makes some of it when it is asked for, and a daemon without an ordering from a file, which watches nothing, would
 * grow by that.
 */
let shared: ReadonlyMap<object, string> | null = null;

function sharedObjects(): ReadonlyMap<object, string> {
  return (shared ??= namedObjects());
}

/** Watches what these modules export as well from now on, of which there is one in a process. */
export async function watchModules(addresses: readonly string[]): Promise<void> {
  const all = new Map(sharedObjects());
  for (const [object, name] of await exportedObjects(addresses)) {
    if (!all.has(object)) all.set(object, name);
  }
  shared = all;
}

/** What was there when it was last looked at, which is mostly what is there now. */
let lastSeen: readonly Seen[] = [];

/**
 * Whether it was just looked at: until whoever did that returns to the event loop, only what a run calls can change anything.
 * A search runs thousands of schedules one after the other, and would look twice at what is between two of them.
 */
let isJustSeen = false;

/**
 * Watches a run for what its ordering does to objects that all members of a simulation have in common, since there is one of
 * each in a process: `globalThis`, what JavaScript has there, `process` and `Message`. What is returned ends that. It says
 * what was changed and takes it back, so that the next run begins as this one did; `null`: nothing was.
 */
export function watchSharedObjects(): () => string | null {
  const before = isJustSeen ? lastSeen : lookAtAll();
  lastSeen = before;
  isJustSeen = false;
  return () => {
    const changes = before.flatMap((seen) => (isAsSeen(seen) ? [] : takeBack(seen)));
    isJustSeen = changes.length === 0 && before === lastSeen;
    // What an ordering left to a promise earlier may run before this, and before anybody watches again.
    if (isJustSeen) queueMicrotask(() => (isJustSeen = false));
    return changes.length === 0 ? null : describe(changes);
  };
}

function lookAtAll(): readonly Seen[] {
  return [...sharedObjects()].map(([object, name], index) => {
    const seen = lastSeen[index];
    return seen !== undefined && isAsSeen(seen) ? seen : look(name, object);
  });
}

/**
 * Watches a file being loaded for what it does to JavaScript's own classes, which whoever judges it uses as well: with an
 * `Array.prototype.filter` of its own, an ordering that breaks everything would pass. What is returned ends that, and takes it
 * back; it says what was changed, or `null`. What a file adds is no change: if it is a number or a function, it is looked at as
 * it runs. An object that it leaves there is found by all members, and nobody sees what they write into it.
 */
export function watchLoading(): () => string | null {
  const before = [...sharedObjects()].map(([object, name]) => look(name, object));
  return () => {
    const changes = before.flatMap((seen) => (isAsSeen(seen) ? [] : changesOfLoading(seen)));
    const [first, ...others] = changes;
    if (first === undefined) return null;
    return others.length === 0 ? first : `${first} and ${others.length} more`;
  };
}

function changesOfLoading(seen: Seen): string[] {
  const left = remove(seen, (key) =>
    mayHoldState(Reflect.getOwnPropertyDescriptor(seen.object, key)!),
  );
  // What is done to these, of which Node itself makes some values late, is looked at as the file runs.
  return /^(?:globalThis|process)\b/.test(seen.name) ? left : [...left, ...restore(seen)];
}

/** An object that nothing can be written into holds none, as long as there is nothing but numbers, texts and functions in it. */
function mayHoldState(property: PropertyDescriptor): boolean {
  if (property.get !== undefined) return true;
  const value: unknown = property.value;
  if (typeof value !== 'object' || value === null) return false;
  return !Object.isFrozen(value) || Object.values(value).some((each) => typeof each === 'object');
}

/**
 * Whether nothing was changed, as far as a fast look tells: it asks for no descriptions of properties. Some two thousand of
 * them are looked at before a run and after it, so that they are in lists.
 */
function isAsSeen({ object, keys, names, values, sizes }: Seen): boolean {
  if (Reflect.ownKeys(object).length !== keys.length) return false;
  const properties = object as Record<PropertyKey, unknown>;
  for (let index = 0; index < names.length; index += 1) {
    if (!Object.is(properties[names[index]!], values[index])) return false;
  }
  for (const [index, size] of sizes) if (sizeOf(values[index]) !== size) return false;
  return true;
}

function describe(changes: readonly string[]): string {
  const [first, ...others] = changes;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return (
    `the ordering changed ${first}${more}, which all members of a simulation share as they run in one process, and ` +
    'members on machines of their own do not: keep it in what create returns'
  );
}

/** The own properties that hold a value: to ask the others might do something. */
function dataOf(object: object): Map<PropertyKey, unknown> {
  const values = new Map<PropertyKey, unknown>();
  for (const key of Reflect.ownKeys(object)) {
    if (IGNORED.has(key)) continue;
    const property = Reflect.getOwnPropertyDescriptor(object, key);
    if (property !== undefined && 'value' in property) values.set(key, property.value);
  }
  return values;
}

function look(name: string, object: object): Seen {
  const data = dataOf(object);
  const values = [...data.values()];
  const sizes = new Map<number, number>();
  for (const [index, value] of values.entries()) {
    const size = isWatched(value) ? -1 : sizeOf(value);
    if (size >= 0) sizes.set(index, size);
  }
  return { object, name, keys: Reflect.ownKeys(object), names: [...data.keys()], values, sizes };
}

/** What is watched itself says more than that something was added to it, but of what is in a map or a set that says nothing. */
function isWatched(value: unknown): boolean {
  return sharedObjects().has(value as object) && !(value instanceof Map || value instanceof Set);
}

/** -1 for what holds nothing that could be counted. */
function sizeOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return -1;
  if (Array.isArray(value)) return value.length;
  if (value instanceof Map || value instanceof Set) return value.size;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? Reflect.ownKeys(value).length : -1;
}

function takeBack(seen: Seen): string[] {
  return [...removeAdded(seen), ...restore(seen)];
}

function removeAdded(seen: Seen): string[] {
  const data = dataOf(seen.object);
  return remove(seen, (key) => data.has(key));
}

/** Takes away what was added to an object, as far as it is `asked` for, and tells its names. */
function remove({ object, name, keys }: Seen, asked: (key: PropertyKey) => boolean): string[] {
  const before = new Set(keys);
  const added = Reflect.ownKeys(object).filter((key) => !before.has(key) && asked(key));
  for (const key of added) Reflect.deleteProperty(object, key);
  return added.map((key) => `${name}.${String(key)}`);
}

/** Gives the properties that were there the values that they had. */
function restore({ object, name, names, values, sizes }: Seen): string[] {
  const changes: string[] = [];
  const now = dataOf(object);
  for (const [index, key] of names.entries()) {
    const value = values[index];
    const isSame = now.has(key) && Object.is(now.get(key), value);
    if (isSame && (!sizes.has(index) || sizes.get(index) === sizeOf(value))) continue;
    changes.push(`${name}.${String(key)}`);
    Reflect.set(object, key, value);
  }
  return changes;
}
