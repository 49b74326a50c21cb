import { Message } from '../../../core/message.ts';
import {
  type Create,
  type Group,
  type Ordering,
  type Out,
  outThrough,
} from '../../../core/ordering.ts';
import { withPayload } from '../../run/check-message.ts';
import type { Finding } from '../finding.ts';

/** Calls of a run that are told again; what comes after them is not. */
const CALLS_MAX = 20_000;

/** The methods by which an ordering is told something; the rest of it is asked. */
const TELLING: ReadonlySet<PropertyKey> = new Set([
  'multicast',
  'multicastAll',
  'receive',
  'advance',
  'suspect',
  'trust',
]);

/** How often a run is made again before anybody is accused: what comes out otherwise by itself says nothing of sharing. */
const AGAIN = 2;

/** One call of an ordering, and what it did in it. */
interface Call {
  readonly method: string;
  readonly args: readonly unknown[];
  effects: readonly string[];
}

/** All that one process of a run was told. */
interface Life {
  readonly group: Group;
  /** What `group.random` gave it. */
  readonly drawn: number[];
  readonly calls: Call[];
}

/** Where a member that is told the same again does otherwise than in its run. */
interface Otherwise {
  readonly member: number;
  readonly call: number;
  readonly method: string;
  /** The first thing that it does in that call in one of the two ways only; absent: it does nothing more. */
  readonly inRun?: string;
  readonly apart?: string;
}

/**
 * What the members of a run were told, call by call, and what each sent and delivered in it. A member on a machine of its own
 * does the same again whenever it is told the same, whatever the others do meanwhile. So each is told all of it once more,
 * while no other one runs: who then does otherwise had something from the others that no packet brought, by whatever way.
 *
 * Compared is to whom something of which kind is sent, and what is delivered, and not the numbers in messages: what differs
 * from run to run, such as a random name, need not matter.
 */
export class MembersApart {
  readonly #lives: Life[] = [];
  #callsLeft = CALLS_MAX;

  /** The same `create`, whose members are recorded from now on. */
  recording(create: Create): Create {
    return (group, out) => {
      const life: Life = { group, drawn: [], calls: [] };
      this.#lives.push(life);
      const random = (): number => {
        const drawn = group.random();
        life.drawn.push(drawn);
        return drawn;
      };
      const told = new Told(out);
      const ordering = this.#record(life, told, 'create', [], () => {
        return create({ ...group, random }, told.out);
      });
      // What an ordering is made of may be frozen, so that nothing could stand in its place there.
      return new Proxy(Object.create(null) as Ordering, {
        has: (_, name) => name in ordering,
        get: (_, name) => this.#property(ordering, name, life, told),
      });
    };
  }

  /** What each process did in its calls, to be compared with that of another run. */
  effects(): string {
    return JSON.stringify(this.#lives.map(({ calls }) => calls.map(({ effects }) => effects)));
  }

  /** Tells each process of the run the same again, one after the other; `null`: all do the same. */
  otherwise(create: Create): Otherwise | null {
    for (const life of this.#lives) {
      const otherwise = tellAgain(create, life);
      if (otherwise !== null) return otherwise;
    }
    return null;
  }

  #property(ordering: Ordering, name: PropertyKey, life: Life, told: Told): unknown {
    const value: unknown = Reflect.get(ordering, name, ordering);
    if (typeof value !== 'function') return value;
    return (...args: unknown[]): unknown => {
      const call = (): unknown => Reflect.apply(value, ordering, args);
      if (!TELLING.has(name)) return call();
      return this.#record(life, told, String(name), args, call);
    };
  }

  #record<Result>(
    { calls }: Life,
    told: Told,
    method: string,
    args: readonly unknown[],
    perform: () => Result,
  ): Result {
    if (this.#callsLeft === 0) return perform();
    this.#callsLeft -= 1;
    const call: Call = { method, args: args.map(copyOf), effects: [] };
    calls.push(call);
    try {
      return perform();
    } catch (error) {
      told.note('throws');
      throw error;
    } finally {
      call.effects = told.take();
    }
  }
}

/**
 * Judges the members of a run, which `run` makes again as it was. `create` is that of the run, but with other variables of the
 * module for each member. `null`: each does the same by itself, or the run does not come out the same each time.
 */
export function judgeApart(
  first: MembersApart,
  create: Create,
  run: () => MembersApart | null,
): Finding | null {
  const found = first.otherwise(create);
  if (found === null) return null;
  const effects = first.effects();
  for (let times = 0; times < AGAIN; times += 1) {
    const again = run();
    if (again === null || again.effects() !== effects) return null;
    const same = again.otherwise(create);
    if (same?.member !== found.member || same.call !== found.call) return null;
  }
  return { name: 'sharing', text: describe(found), observations: [] };
}

function describe({ member, call, method, inRun, apart }: Otherwise): string {
  const where = call === 0 ? 'as it is made' : `in its call ${call}, of ${method},`;
  const does = (effect: string | undefined): string => effect ?? 'does nothing more';
  return (
    `peer ${member}, told the same again while no other member runs, does otherwise: ${where} it ${does(inRun)} in the run, ` +
    `and ${does(apart)} by itself; so it has something from the others that no packet brought, such as an object, a counter ` +
    'or a file that members share'
  );
}

/** What an ordering does in one call. */
class Told {
  readonly out: Out;
  #effects: string[] = [];

  constructor(out: Out) {
    this.out = outThrough(out, {
      multicast: (message) => {
        this.note(`multicasts kind ${message.kind}`);
        out.multicast(message);
      },
      send: (to, message) => {
        this.note(`sends kind ${message.kind} to ${to}`);
        out.send(to, message);
      },
      deliver: (message) => {
        this.note(`delivers (${message.sender}, ${message.sequence})`);
        out.deliver(message);
      },
    });
  }

  note(effect: string): void {
    this.#effects.push(effect);
  }

  take(): readonly string[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }
}

/** Nobody hears what a process does that is told the same again. */
const NOBODY: Out = {
  multicast: () => undefined,
  send: () => undefined,
  deliver: () => undefined,
};

function tellAgain(create: Create, { group, drawn, calls }: Life): Otherwise | null {
  let draws = 0;
  const random = (): number => drawn[draws++] ?? 0.5;
  const told = new Told(NOBODY);
  let ordering: Ordering | null = null;
  for (const [index, { method, args, effects }] of calls.entries()) {
    try {
      if (ordering === null) ordering = create({ ...group, random }, told.out);
      else Reflect.apply(Reflect.get(ordering, method) as () => void, ordering, args.map(copyOf));
    } catch {
      told.note('throws');
    }
    const apart = told.take();
    const at = firstDifference(effects, apart);
    if (at >= 0) {
      return { member: group.self, call: index, method, inRun: effects[at], apart: apart[at] };
    }
  }
  return null;
}

/** -1: there is none. */
function firstDifference(one: readonly string[], other: readonly string[]): number {
  const longer = one.length >= other.length ? one : other;
  return longer.findIndex((_, index) => one[index] !== other[index]);
}

/** Messages may be written to by whoever got them, and so may what is in them. */
function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!(value instanceof Message)) return value;
  const { payload } = value;
  const copy = withPayload(value, payload.length === 0 ? payload : new Uint8Array(payload));
  return Object.isFrozen(value) ? Object.freeze(copy) : copy;
}
