import { isRetransmitting } from '../core/channels/reliable-link.ts';
import { GUARANTEE_NAMES, type GuaranteeName } from '../core/guarantees.ts';
import type { Create } from '../core/ordering.ts';
import type { OrderingEntry } from '../core/orderings/registry.ts';
import { nearestOf } from '../core/base/nearest-name.ts';
import { withCheckedShape } from '../core/ordering-shape.ts';

/** What a file with an ordering of one's own exports. Only the first two are required. */
export interface OrderingModule {
  readonly create: Create;
  /** The guarantees that hold in every run; `mpcomm check` and the comparison hold the ordering to them. */
  readonly guarantees: readonly GuaranteeName[];
  /**
   * Whether it sends lost messages again; by default whether `create` comes from `reliable`, or `agreement`
   * is among the guarantees.
   */
  readonly retransmits?: boolean;
  /** Which crashes leave the guarantees and the survivors' progress intact; `none` by default. */
  readonly survives?: 'none' | 'minority';
  /** The ordering's name, of a-z, 0-9 and -; by default derived from the file's name. */
  readonly name?: string;
  /** One line for a list. */
  readonly summary?: string;
}

/** A module that is no ordering; the message says everything that is wrong, and what is allowed. */
export class OrderingModuleError extends Error {
  override name = 'OrderingModuleError';
}

const NAME_FORM = /^[a-z][a-z0-9-]{0,34}$/;
const SURVIVES: readonly unknown[] = ['none', 'minority'];
const EXPORTS = ['create', 'guarantees', 'retransmits', 'survives', 'name', 'summary'];

/**
 * Checks what a file exports and gives it the form of a registry entry, under the name `file-<name>`,
 * which no ordering of the registry has. Throws `OrderingModuleError`.
 *
 * `exported` is the module's namespace object; `file` is what errors call it.
 */
export function readOrderingModule(
  exported: Readonly<Record<string, unknown>>,
  file: string,
): OrderingEntry {
  const names = Object.keys(exported).filter((name) => !isSynthetic(name, exported));
  if (names.length === 0) {
    throw new OrderingModuleError(
      `${file} exports nothing: it is CommonJS, or empty; write "export const create = ..." and ` +
        '"export const guarantees = [...]". docs/write-your-own.md has a template.',
    );
  }
  const problems = [...findProblems(exported), ...unknownExports(names)];
  if (problems.length > 0) {
    const list = problems.map((problem) => `  ${problem}`).join('\n');
    throw new OrderingModuleError(
      `${file} is no ordering:\n${list}\nIt may export ${EXPORTS.join(', ')}; ` +
        'docs/write-your-own.md has a template.',
    );
  }
  const module = exported as unknown as OrderingModule;
  return {
    name: `file-${module.name ?? nameOf(file)}`,
    create: withCheckedShape(module.create),
    summary: module.summary ?? 'an ordering from a file',
    guarantees: [...module.guarantees],
    retransmits: module.retransmits ?? sendsAgain(module),
    survives: module.survives ?? 'none',
  };
}

/** Whether Node made up this export: a file of CommonJS has two for whatever it gave to `module.exports`. */
function isSynthetic(name: string, exported: Readonly<Record<string, unknown>>): boolean {
  const isCommon = 'module.exports' in exported;
  return isCommon && ['default', 'module.exports', '__esModule'].includes(name);
}

function sendsAgain({ create, guarantees }: OrderingModule): boolean {
  return isRetransmitting(create) || guarantees.includes('agreement');
}

/**
 * Names exports that mean nothing here: each is a slip of the pen, and what it was to say would be
 * lost.
 */
function unknownExports(names: readonly string[]): string[] {
  return names
    .filter((name) => !EXPORTS.includes(name))
    .map((name) => {
      const near = nearestOf(name, EXPORTS);
      return `${name}: means nothing here${near === null ? '; leave out its export' : `; is ${near} meant?`}`;
    });
}

function findProblems(exported: Readonly<Record<string, unknown>>): string[] {
  const { create, guarantees, retransmits, survives, name, summary } = exported;
  const problems: string[] = [];
  if (typeof create !== 'function') {
    problems.push(`create: ${found(create)}; needed: a function (group, out) => Ordering`);
  } else if (isClass(create)) {
    problems.push(
      'create: is a class; needed: a function (group, out) => Ordering, such as (group, out) => new Mine(group, out)',
    );
  }
  problems.push(...guaranteeProblems(guarantees));
  if (retransmits !== undefined && typeof retransmits !== 'boolean') {
    problems.push(`retransmits: ${found(retransmits)}; allowed: true, false`);
  }
  if (survives !== undefined && !SURVIVES.includes(survives)) {
    problems.push(`survives: ${found(survives)}; allowed: 'none', 'minority'`);
  }
  if (name !== undefined && !(typeof name === 'string' && NAME_FORM.test(name))) {
    problems.push(`name: ${found(name)}; allowed: 1 to 35 of a-z, 0-9 and -, from a letter`);
  }
  if (summary !== undefined && typeof summary !== 'string') {
    problems.push(`summary: ${found(summary)}; allowed: a line of text`);
  }
  return problems;
}

/** Whether a function can only be called with `new`. */
function isClass(made: object): boolean {
  return Function.prototype.toString.call(made).startsWith('class');
}

function guaranteeProblems(guarantees: unknown): string[] {
  const allowed = `names among ${GUARANTEE_NAMES.join(', ')}`;
  if (!Array.isArray(guarantees)) {
    return [`guarantees: ${found(guarantees)}; needed: an array of ${allowed}`];
  }
  if (guarantees.length === 0) {
    return [`guarantees: nothing is declared, so nothing can be judged; needed: ${allowed}`];
  }
  const names: readonly unknown[] = GUARANTEE_NAMES;
  const wrong = guarantees.filter((name) => !names.includes(name));
  return wrong.map((name) => `guarantees: ${found(name)} is none; allowed: ${allowed}`);
}

function found(value: unknown): string {
  if (value === undefined) return 'is not exported';
  return typeof value === 'string' ? JSON.stringify(value) : `is ${describeKind(value)}`;
}

function describeKind(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : `of type ${typeof value}`;
}

/** From `path/My ordering.ts` to `my-ordering`; `ordering` where nothing usable is left. */
function nameOf(file: string): string {
  const base = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
  const name = base
    .replace(/\.[^.]*$/, '')
    .toLowerCase()
    // An ü is a u with a mark, which falls away below.
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '')
    .slice(0, 35);
  return name === '' ? 'ordering' : name;
}
