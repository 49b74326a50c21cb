import { assert } from '../../../core/base/assert.ts';
import type { Create } from '../../../core/ordering.ts';
import { Multicasts } from '../../run/multicasts.ts';
import type { Scenario } from '../../scenario.ts';
import { ImpossibleChoiceError } from '../choice.ts';
import { LATENESSES_US } from '../lateness.ts';
import type { Arrivals } from './arrivals.ts';
import type { EndNumbers } from './end-numbers.ts';
import { LiveMember } from './live-member.ts';
import { memberEndOf, type MemberEnd } from './member-end.ts';
import { type Appearance, MemberState, type MemberStep, pathTo } from './member-state.ts';

/** More packets in one step than any crash in the middle of it waits for. */
const SENDS_LIMIT = 4_096;
/** In time, and each way to be late. */
const LATENESSES = LATENESSES_US.length + 1;

/** A member that saw the same again did something else: what it does depends on more than what it sees. */
export class DivergingMemberError extends Error {
  override name = 'DivergingMemberError';

  constructor(self: number, { steps }: MemberState) {
    const when = steps === 0 ? 'when it was made' : `in step ${steps} of its own`;
    super(`peer ${self} saw the same once more, and did something else ${when}`);
  }
}

/**
 * Whether a choice that was possible is impossible now, or a member did something else: of choices that a run recorded,
 * that tells that the ordering does not do the same again.
 */
export function isDivergence(
  error: unknown,
): error is ImpossibleChoiceError | DivergingMemberError {
  return error instanceof ImpossibleChoiceError || error instanceof DivergingMemberError;
}

/**
 * All that one member has been seen to do in a search, as a tree: a branch for each step that it may see next.
 *
 * An ordering gets time, randomness and messages from outside, so that what it has seen decides what it does. It
 * is asked once for each way to see things, however many schedules have that way in common. An ordering cannot be
 * copied: there is one living member, which goes on where it is, and is made anew where another branch is looked into.
 */
export class MemberTree {
  readonly root: MemberState;
  readonly #self: number;
  readonly #create: Create;
  readonly #scenario: Scenario;
  readonly #arrivals: Arrivals;
  readonly #multicasts: Multicasts;
  readonly #endNumbers: EndNumbers;
  #live: { readonly member: LiveMember; state: MemberState } | null = null;
  readonly #ends = new Map<MemberState, MemberEnd>();
  /** The same ends by their numbers: many states come to few ends, and one has a member's whole record. */
  readonly #endsByNumber = new Map<number, MemberEnd>();
  #size = 1;

  constructor(
    self: number,
    create: Create,
    scenario: Scenario,
    arrivals: Arrivals,
    endNumbers: EndNumbers,
  ) {
    this.#self = self;
    this.#endNumbers = endNumbers;
    this.#create = create;
    this.#scenario = scenario;
    this.#arrivals = arrivals;
    this.#multicasts = new Multicasts(scenario);
    const member = this.#begin();
    this.root = new MemberState(null, null, -1, 0, member.look());
    this.#live = { member, state: this.root };
  }

  /** How many states it has. */
  get size(): number {
    return this.#size;
  }

  /**
   * The state after one step more; the member crashes in it once it sent `sendsMax` packets, unless that is -1.
   * `lateness`: as `LiveMember` has it.
   */
  after(state: MemberState, step: MemberStep, sendsMax = -1, lateness = 0): MemberState {
    const key = (step.key * SENDS_LIMIT + sendsMax + 1) * LATENESSES + lateness;
    const known = state.next.get(key);
    if (known !== undefined) return known;
    assert(sendsMax + 1 < SENDS_LIMIT, 'a member crashes after fewer packets');
    const live = this.#liveAt(state);
    live.member.take(step, sendsMax, lateness);
    const next = new MemberState(state, step, sendsMax, lateness, live.member.look());
    live.state = next;
    state.next.set(key, next);
    this.#size += 1;
    return next;
  }

  /** What the member had come to in a state, as the judge wants to know it. */
  endAt(state: MemberState): MemberEnd {
    const known = this.#ends.get(state);
    if (known !== undefined) return known;
    const reached = memberEndOf(this.#liveAt(state).member, this.#endNumbers);
    let end = this.#endsByNumber.get(reached.number);
    if (end === undefined) {
      end = reached;
      this.#endsByNumber.set(end.number, end);
      // Its record belongs to the end from now on.
      this.#live = null;
    }
    this.#ends.set(state, end);
    return end;
  }

  /** Forgets the living member: its process, or what it keeps in variables of its module, served a run meanwhile. */
  dropLive(): void {
    this.#live = null;
  }

  #begin(): LiveMember {
    const { peers } = this.#scenario;
    assert(this.#self < peers, 'a member is one of the scenario');
    return new LiveMember(
      this.#self,
      this.#create,
      this.#scenario,
      this.#multicasts,
      this.#arrivals,
    );
  }

  #liveAt(state: MemberState): { readonly member: LiveMember; state: MemberState } {
    if (this.#live?.state === state) return this.#live;
    const member = this.#begin();
    for (const each of pathTo(state)) {
      if (each.step !== null) member.take(each.step, each.sendsMax, each.lateness, each.sends);
      if (!looksAlike(each, member.look())) throw new DivergingMemberError(this.#self, each);
    }
    return (this.#live = { member, state });
  }
}

function looksAlike(a: Appearance, b: Appearance): boolean {
  return (
    a.running === b.running &&
    a.crashed === b.crashed &&
    a.hasDeadline === b.hasDeadline &&
    a.sends.length === b.sends.length &&
    a.deliveries.length === b.deliveries.length &&
    a.sends.every(({ to, arrival }, at) => {
      const other = b.sends[at]!;
      return to === other.to && arrival === other.arrival;
    }) &&
    a.deliveries.every(({ sender, sequence }, at) => {
      const other = b.deliveries[at]!;
      return sender === other.sender && sequence === other.sequence;
    })
  );
}
