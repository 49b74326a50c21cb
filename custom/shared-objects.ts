import { Message } from '../core/message.ts';

/** What is no message to anybody: how long the stacks of errors are. */
const IGNORED: ReadonlySet<unknown> = new Set(['stackTraceLimit']);

interface Seen {
  readonly object: object;
  /** How it is called in what is told. */
  readonly name: string;
  /** All its properties, also those that are asked for: Node makes values of some when they are first used. */
  readonly keys: ReadonlySet<PropertyKey>;
  readonly values: ReadonlyMap<PropertyKey, unknown>;
  /** Of the values that hold others, and that whoever finds them may fill: how many they hold. */
  readonly sizes: ReadonlyMap<PropertyKey, number>;
}

/** Classes of JavaScript that every ordering uses, or finds at hand. */
const CLASSES = { Object, Array, Map, Set, Function, Promise, String, Number, Error, Symbol };

const SHARED: readonly (readonly [string, object])[] = [
  ['globalThis', globalThis],
  ['process', process],
  ['process.env', process.env],
  ['Message', Message],
  ['Message.prototype', Message.prototype],
  ...Object.entries(CLASSES),
  ...Object.entries(CLASSES).map(
    ([name, { prototype }]) => [`${name}.prototype`, prototype as object] as const,
  ),
  ...Object.entries({ Math, JSON, Reflect, console }),
];

/** What was there when it was last looked at, which is mostly what is there now. */
let lastSeen: readonly Seen[] = [];

/**
 * Watches a run for what its ordering does to objects that all members of a simulation have in common, since there is one of
 * each in a process: `globalThis`, what JavaScript has there, `process` and `Message`. What is returned ends that. It says
 * what was changed and takes it back, so that the next run begins as this one did; `null`: nothing was.
 */
export function watchSharedObjects(): () => string | null {
  const before = SHARED.map(([name, object], index) => {
    const seen = lastSeen[index];
    return seen !== undefined && isAsSeen(seen) ? seen : look(name, object);
  });
  lastSeen = before;
  return () => {
    const changes = before.flatMap((seen) => (isAsSeen(seen) ? [] : takeBack(seen)));
    return changes.length === 0 ? null : describe(changes);
  };
}

/** Whether nothing was changed, as far as a fast look tells: it asks for no descriptions of properties. */
function isAsSeen({ object, keys, values, sizes }: Seen): boolean {
  if (Reflect.ownKeys(object).length !== keys.size) return false;
  for (const [key, value] of values) {
    if (!Object.is(Reflect.get(object, key), value)) return false;
  }
  for (const [key, size] of sizes) if (sizeOf(values.get(key)) !== size) return false;
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
  const values = dataOf(object);
  const sizes = new Map<PropertyKey, number>();
  for (const [key, value] of values) {
    const size = sizeOf(value);
    if (size >= 0) sizes.set(key, size);
  }
  return { object, name, keys: new Set(Reflect.ownKeys(object)), values, sizes };
}

/** -1 for what holds nothing that could be counted. */
function sizeOf(value: unknown): number {
  if (typeof value !== 'object' || value === null || value === globalThis) return -1;
  if (Array.isArray(value)) return value.length;
  if (value instanceof Map || value instanceof Set) return value.size;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? Reflect.ownKeys(value).length : -1;
}

function takeBack({ object, name, keys, values, sizes }: Seen): string[] {
  const changes: string[] = [];
  const now = dataOf(object);
  for (const [key, value] of now) {
    const isNew = !keys.has(key);
    if (!isNew && !values.has(key)) continue;
    const isOther = isNew || !Object.is(value, values.get(key));
    if (!isOther && (!sizes.has(key) || sizes.get(key) === sizeOf(value))) continue;
    changes.push(`${name}.${String(key)}`);
    if (isNew) Reflect.deleteProperty(object, key);
    else Reflect.set(object, key, values.get(key));
  }
  for (const [key, value] of values) {
    if (now.has(key)) continue;
    changes.push(`${name}.${String(key)}`);
    Reflect.set(object, key, value);
  }
  return changes;
}
