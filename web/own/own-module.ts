import * as assertModule from '../../core/base/assert.ts';
import * as heap from '../../core/base/heap.ts';
import * as failureDetector from '../../core/channels/failure-detector.ts';
import * as reliableLink from '../../core/channels/reliable-link.ts';
import * as guaranteesModule from '../../core/guarantees.ts';
import * as messageModule from '../../core/message.ts';
import * as orderingModule from '../../core/ordering.ts';
import type { Create, Group, Ordering, Out } from '../../core/ordering.ts';
import type { OrderingEntry } from '../../core/orderings/registry.ts';
import * as membership from '../../core/views/membership.ts';
import * as totalOrderLog from '../../core/views/total-order-log.ts';
import * as view from '../../core/views/view.ts';
import * as lamportBase from '../../examples/broken/lamport-base.ts';
import { createByMember } from '../../custom/create-by-member.ts';
import { readOrderingModule } from '../../custom/ordering-module.ts';
import { hintFor, lengthenStacks } from '../../custom/throw-hints.ts';
import { closeDoors, fixBuiltIns } from './close-doors.ts';
import { GUARD_NAME } from './loop-guards.ts';
import { OWN_FILE } from './own-file.ts';

/** What an ordering in the page may import, by the path below the project's folder. */
const MODULES: Readonly<Record<string, unknown>> = {
  'core/base/assert.ts': assertModule,
  'core/base/heap.ts': heap,
  'core/channels/failure-detector.ts': failureDetector,
  'core/channels/reliable-link.ts': reliableLink,
  'core/guarantees.ts': guaranteesModule,
  'core/message.ts': messageModule,
  'core/ordering.ts': orderingModule,
  'core/views/membership.ts': membership,
  'core/views/total-order-log.ts': totalOrderLog,
  'core/views/view.ts': view,
  // What broken orderings are made from; an ordering that imports this is pasted as it is.
  'lamport-base.ts': lamportBase,
};

/** The most turns of all loops together in one call of an ordering: no right one needs as many as this. */
const TICKS_MAX = 1_000_000;

/** Counts how often loops went round since an ordering was last called. */
class LoopTicks {
  #ticks = 0;

  begin(): void {
    this.#ticks = 0;
  }

  readonly tick = (line: number): void => {
    this.#ticks += 1;
    if (this.#ticks <= TICKS_MAX) return;
    this.#ticks = 0;
    throw new Error(
      `the loop in line ${line} does not end: it was stopped after ${TICKS_MAX.toLocaleString('en')} rounds in one call`,
    );
  };
}

/**
 * Evaluates an ordering that was typed in the page, as CommonJS with guarded loops (compile-ordering.ts), and
 * gives it the form of a registry entry. Only a worker may call it: what was typed is run.
 * @throws Error with what is wrong, and the line where that is known.
 */
export function loadOwnOrdering(javascript: string): OrderingEntry {
  closeDoors();
  lengthenStacks();
  fixBuiltIns(Object.values(MODULES));
  const ticks = new LoopTicks();
  // Called indirectly, eval sees nothing of this module; the name at the end makes stacks tell lines.
  const wrapped = `(function (require, exports, ${GUARD_NAME}) {${javascript}\n})\n//# sourceURL=${OWN_FILE}`;
  const evaluate = (): OrderingEntry => {
    ticks.begin();
    return evaluateOnce(wrapped, ticks);
  };
  const entry = evaluate();
  const create = withOwnVariables(entry.create, () => evaluate().create);
  return {
    ...entry,
    create: (group, out) => new GuardedOrdering(create, group, out, ticks),
    explain: explainOwn,
    moderate: true,
  };
}

/** What was typed, evaluated with variables of its own. */
function evaluateOnce(wrapped: string, ticks: LoopTicks): OrderingEntry {
  const exported: Record<string, unknown> = {};
  try {
    // oxlint-disable-next-line no-eval -- Students run their own code, in a worker of the page.
    const run = (0, eval)(wrapped) as (...given: unknown[]) => void;
    run(requireModule, exported, ticks.tick);
  } catch (error) {
    throw new Error(explainOwn(error), { cause: error });
  }
  const named = Object.fromEntries(
    Object.entries(exported).filter(([name]) => name !== '__esModule'),
  );
  return readOrderingModule(named, OWN_FILE);
}

/** A `create` with variables of the module for each process of a run, made when it is first needed. */
function withOwnVariables(first: Create, createNext: () => Create): Create {
  const creates = new Map([['0 0', first]]);
  return createByMember(first, ({ self, incarnation = 0 }) => {
    const process = `${self} ${incarnation}`;
    const create = creates.get(process) ?? createNext();
    creates.set(process, create);
    return create;
  });
}

function requireModule(specifier: string): unknown {
  const path = specifier.replace(/^.*?(?=core\/|lamport-base)/, '').replace(/\.js$/, '.ts');
  const found = MODULES[path] ?? MODULES[`${path}.ts`];
  if (found !== undefined) return found;
  const allowed = Object.keys(MODULES).join(', ');
  throw new Error(`the page has no ${specifier}; an ordering here may import ${allowed}`);
}

/** What an engine says of a change to what close-doors.ts has fixed: a vector, which is a list as well, has places. */
const IS_FIXED = /property '(?!\d+')[^']+' of (?:object )?'(?:\[object|#<\w+Scope>|function)/;
const FIXED_HINT =
  'what JavaScript has itself stays as it is, since the judge runs in the same place as the ordering';

/** What was thrown, with the line of the author's file, and what helps where that is known. */
export function explainOwn(error: unknown, inOneLine = false): string {
  if (!(error instanceof Error)) return String(error);
  const line = new RegExp(`${OWN_FILE}:(\\d+)`).exec(error.stack ?? '')?.[1];
  const where = line === undefined || /\bline \d/.test(error.message) ? '' : ` (line ${line})`;
  const hint = IS_FIXED.test(error.message) ? FIXED_HINT : hintFor(error.message);
  return `${error.message}${where}${hint === null ? '' : `${inOneLine ? '. ' : '\n'}Hint: ${hint}.`}`;
}

/** Begins to count anew whenever the ordering is called. */
class GuardedOrdering implements Ordering {
  readonly #inner: Ordering;
  readonly #ticks: LoopTicks;

  constructor(create: OrderingEntry['create'], group: Group, out: Out, ticks: LoopTicks) {
    ticks.begin();
    this.#ticks = ticks;
    this.#inner = create(group, out);
  }

  get deadline(): number {
    return this.#inner.deadline;
  }

  get held(): number {
    return this.#inner.held;
  }

  multicast(...given: Parameters<Ordering['multicast']>): void {
    this.#ticks.begin();
    this.#inner.multicast(...given);
  }

  receive(...given: Parameters<Ordering['receive']>): void {
    this.#ticks.begin();
    this.#inner.receive(...given);
  }

  advance(now: number): void {
    this.#ticks.begin();
    this.#inner.advance(now);
  }

  blockage(): ReturnType<NonNullable<Ordering['blockage']>> {
    this.#ticks.begin();
    return this.#inner.blockage?.() ?? null;
  }
}
