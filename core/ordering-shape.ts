import { nearestOf } from './base/nearest-name.ts';
import { tagOf } from './base/tag-of.ts';
import type { Create, Ordering } from './ordering.ts';

const METHODS = ['multicast', 'receive', 'advance'] as const;
const NUMBERS = ['deadline', 'held'] as const;
const PARTS: readonly string[] = [...METHODS, ...NUMBERS];

/**
 * The same `create`, but one that refuses at once what is no Ordering, instead of failing at its
 * first call.
 */
export function withCheckedShape(create: Create): Create {
  const checked: Create = (group, out) => {
    const ordering = create(group, out);
    checkShape(ordering);
    return ordering;
  };
  // What it says of itself, such as that it sends again, holds of this one as well.
  return Object.assign(checked, create);
}

/** @throws TypeError that names every part that is missing, and one with a similar name that is there; or methods that are async. */
export function checkShape(ordering: unknown): asserts ordering is Ordering {
  if (typeof ordering !== 'object' || ordering === null) {
    throw new TypeError(
      `create returned ${String(ordering)}; needed: an object with ${list(PARTS)}`,
    );
  }
  const given = ordering as Record<string, unknown>;
  const missing = [
    ...METHODS.filter((name) => typeof given[name] !== 'function'),
    ...NUMBERS.filter((name) => typeof given[name] !== 'number'),
  ];
  if (missing.length === 0) return requireSynchronous(given);
  const names = namesOf(ordering).filter((name) => !PARTS.includes(name));
  const problems = missing.map((name) => {
    const near = nearestOf(name, names);
    const kind = (METHODS as readonly string[]).includes(name) ? 'method' : 'number';
    return `the ${kind} ${name} is missing${near === null ? '' : ` (there is ${near})`}`;
  });
  throw new TypeError(`what create returned is no Ordering: ${problems.join('; ')}`);
}

/** What an `async` method does after its first `await` comes when the call, and perhaps the run, is over. */
function requireSynchronous(given: Record<string, unknown>): void {
  const late = METHODS.filter((name) => tagOf(given[name]) === 'AsyncFunction');
  if (late.length === 0) return;
  throw new TypeError(
    `${late.join(', ')}: async; what a method of an Ordering does is over when it returns`,
  );
}

function list(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** The names of an object's own members and of those of its classes, below Object itself. */
function namesOf(ordering: object): string[] {
  const names: string[] = [];
  for (let each: unknown = ordering; isNamed(each); each = Object.getPrototypeOf(each)) {
    names.push(...Object.getOwnPropertyNames(each));
  }
  return names.filter((name) => name !== 'constructor');
}

function isNamed(value: unknown): value is object {
  return typeof value === 'object' && value !== null && value !== Object.prototype;
}
