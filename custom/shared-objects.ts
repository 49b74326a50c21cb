import { namedObjects } from './named-objects.ts';

/** What is no message to anybody: how long the stacks of errors are. */
const IGNORED: ReadonlySet<unknown> = new Set(['stackTraceLimit']);

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
 * time: Node loads HTTP and fetch when it is asked for some of these names, and a daemon without an ordering from a file, which
 * watches nothing, would grow by that.
 */
let shared: ReadonlyMap<object, string> | null = null;

function sharedObjects(): ReadonlyMap<object, string> {
  return (shared ??= namedObjects());
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
 * back; it says what was changed, or `null`. What a file adds, or leaves on `globalThis` and `process`, is looked at as it runs.
 */
export function watchLoading(): () => string | null {
  const classes = [...sharedObjects()].filter(
    ([, name]) => !/^(?:globalThis|process)\b/.test(name),
  );
  const before = classes.map(([object, name]) => look(name, object));
  return () => {
    const [first, ...others] = before.flatMap((seen) => (isAsSeen(seen) ? [] : restore(seen)));
    if (first === undefined) return null;
    return others.length === 0 ? first : `${first} and ${others.length} more`;
  };
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
    const property = Reflect.getOwnPropertyDescriptor(object, key);
    if (property !== undefined && 'value' in property && !IGNORED.has(key))
      values.set(key, property.value);
  }
  return values;
}

function look(name: string, object: object): Seen {
  const data = dataOf(object);
  const values = [...data.values()];
  const sizes = new Map<number, number>();
  for (const [index, value] of values.entries()) {
    // What is watched itself says more than that something was added to it.
    const size = sharedObjects().has(value as object) ? -1 : sizeOf(value);
    if (size >= 0) sizes.set(index, size);
  }
  return { object, name, keys: Reflect.ownKeys(object), names: [...data.keys()], values, sizes };
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

function removeAdded({ object, name, keys }: Seen): string[] {
  const before = new Set(keys);
  const added = [...dataOf(object).keys()].filter((key) => !before.has(key));
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
