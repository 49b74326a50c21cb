import { Causality, NO_STEP } from './causality.ts';
import type { Choice } from '../choice.ts';
import { ChoiceCodes } from './choice-codes.ts';
import type { ChosenChannels } from '../chosen-run-options.ts';
import { CrashPoints } from '../crash-points.ts';
import { type Fates, NO_FATES } from '../fates.ts';
import type { GroupStates } from './group-states.ts';
import { LATENESSES_US } from '../lateness.ts';
import { CRASH, FIRE, type MemberState, type MemberStep, MULTICAST } from './member-state.ts';
import { SearchedPackets } from './searched-packets.ts';

/** Which steps there are in a run, and what goes wrong in it. */
export interface RunRules {
  readonly channels?: ChosenChannels;
  /** How many of its deadlines each member may see pass. */
  readonly deadlinesMax: number;
  /** How many of its multicasts, deadlines and arrivals may come late at each member (lateness.ts); default: none. */
  readonly latesMax?: number;
  readonly fates?: Fates;
}

/** A delivery of what nobody may have multicast yet: by whom, and the how manieth it was there. */
export interface Premature {
  readonly member: number;
  readonly position: number;
}

/**
 * A run of a search: what a chosen run (chosen-run.ts) is, made of states that members have been seen in
 * before. No ordering is called for a step that its member has seen the like of, and steps can be taken back.
 */
export class SearchedRun {
  readonly codes: ChoiceCodes;
  readonly causality: Causality;
  /** How many members crashed. */
  crashes = 0;
  /** The steps so far, as `codes` has them. */
  readonly taken: number[] = [];
  /** The first step in which somebody delivered too early; else `NO_STEP`. */
  #prematureStep = NO_STEP;
  readonly #group: GroupStates;
  readonly #rules: RunRules;
  readonly #isReliable: boolean;
  readonly #crashPoints: CrashPoints;
  readonly #packets: SearchedPackets;
  /** By member, its states: the first one, and one for each of its steps. */
  readonly #states: MemberState[][];

  constructor(group: GroupStates, rules: RunRules) {
    const { peers } = group;
    const { losses, crashes } = rules.fates ?? NO_FATES;
    this.#group = group;
    this.#rules = rules;
    this.#isReliable = rules.channels === 'reliable';
    this.codes = new ChoiceCodes(peers);
    this.causality = new Causality(peers);
    this.#packets = new SearchedPackets(peers, this.codes, losses);
    this.#crashPoints = new CrashPoints(crashes);
    this.#states = group.trees.map(({ root }, self) => {
      this.#packets.send(self, root.sends, NO_STEP);
      return [this.#crashedIfDue(self, root)];
    });
  }

  get length(): number {
    return this.taken.length;
  }

  /** How many packets were lost, where a chosen run has that. */
  get network(): { readonly lost: number } {
    return { lost: this.#packets.lost };
  }

  /** The steps so far, in an order in which what was delivered too early really is so. */
  get choices(): Choice[] {
    const steps = [...this.taken.keys()];
    const early = this.#prematureStep;
    const isBefore = (step: number): boolean => early < 0 || this.causality.isBefore(step, early);
    const order = [...steps.filter(isBefore), ...steps.filter((step) => !isBefore(step))];
    return order.map((step) => this.#choiceOf(step));
  }

  /** The first delivery that came too early in some order of these steps; `null` where none did. */
  get premature(): Premature | null {
    const step = this.#prematureStep;
    if (step === NO_STEP) return null;
    const member = this.causality.memberOf(step);
    const { delivered, deliveries } =
      this.#states[member]![this.causality.countBefore(step, member)]!;
    const index = deliveries.findIndex(this.#isTooEarlyIn(step));
    return { member, position: delivered - deliveries.length + index };
  }

  get peers(): number {
    return this.#group.peers;
  }

  stateOf(member: number): MemberState {
    return this.#states[member]!.at(-1)!;
  }

  isRunning(member: number): boolean {
    return this.stateOf(member).running;
  }

  /** Whether nobody delivered anything. */
  get isSilent(): boolean {
    return this.#states.every((states) => states.at(-1)!.delivered === 0);
  }

  /** Whether nothing is left to happen, with no bound on deadlines, where nothing is enabled. */
  get isQuiet(): boolean {
    return this.#states.every((states) => {
      const { running, hasDeadline } = states.at(-1)!;
      return !running || !hasDeadline;
    });
  }

  /** What may happen next: multicasts, arrivals, channels that close, and deadlines, in this order; then what may come late. */
  enabled(): number[] {
    const enabled: number[] = [];
    const { codes, peers } = this;
    for (let member = 0; member < peers; member += 1) {
      const { running, mayMulticast } = this.stateOf(member);
      if (running && mayMulticast) enabled.push(codes.multicast(member));
    }
    this.#packets.addArrivals(enabled, this.#isReliable, this);
    if (this.#isReliable) this.#addClosings(enabled);
    for (let member = 0; member < peers; member += 1) {
      const { running, hasDeadline, deadlines } = this.stateOf(member);
      const mayPass = running && hasDeadline && deadlines < this.#rules.deadlinesMax;
      if (mayPass) enabled.push(codes.fire(member));
    }
    if ((this.#rules.latesMax ?? 0) > 0) this.#addLates(enabled);
    return enabled;
  }

  /** Whether some member did something when its deadline was past. */
  get isOverdue(): boolean {
    return this.#states.some((states) => states.at(-1)!.isOverdue);
  }

  /** Arrivals of packets that are under way to members that stopped. */
  missed(): number[] {
    if (this.#states.every((states) => states.at(-1)!.running)) return [];
    return this.#packets.underWayToStopped(this);
  }

  /** The step of another member that makes an arrival or a closing possible; `NO_STEP` where there is none. */
  causeOf(code: number): number {
    if (this.codes.isArrival(code)) return this.#packets.sentInStep(code);
    // A channel closes because its sender crashed, and the crash is part of the sender's last step.
    return this.codes.isClosing(code) ? this.causality.lastOf(this.codes.senderOf(code)) : NO_STEP;
  }

  /** Takes one of the steps that are enabled. */
  take(code: number): void {
    const step = this.length;
    const member = this.codes.memberOf(code);
    this.causality.push(member, this.causeOf(code));
    this.taken.push(code);
    const state = this.stateOf(member);
    const sendsMax = this.#crashPoints.sendsInStep(member, state.steps);
    const seen = this.#see(code, step);
    const lateness = this.codes.latenessOf(code);
    const next = this.#group.trees[member]!.after(state, seen, sendsMax, lateness);
    if (next.crashed) this.crashes += 1;
    this.#packets.send(member, next.sends, step);
    this.#states[member]!.push(this.#crashedIfDue(member, next));
    const isEarly = this.#prematureStep < 0 && next.deliveries.some(this.#isTooEarlyIn(step));
    if (isEarly) this.#prematureStep = step;
  }

  /** Takes back all steps from number `length` on. */
  undoTo(length: number): void {
    while (this.length > length) {
      const code = this.taken.pop()!;
      const step = this.length;
      if (this.#states[this.codes.memberOf(code)]!.pop()!.crashed) this.crashes -= 1;
      this.#packets.undo(code, step);
      this.causality.cut(step);
      if (this.#prematureStep === step) this.#prematureStep = NO_STEP;
    }
  }

  /** What the step is to its member. */
  #see(code: number, step: number): MemberStep {
    const { codes } = this;
    if (codes.isArrival(code)) return this.#packets.arrive(code, step);
    if (codes.isMulticast(code)) return MULTICAST;
    if (codes.isFire(code)) return FIRE;
    this.#packets.close(codes.pathOf(code), step);
    return this.#group.closing(codes.senderOf(code));
  }

  /** A step as a choice; one that comes late says when. */
  #choiceOf(step: number): Choice {
    const code = this.taken[step]!;
    const choice = this.codes.choiceOf(code);
    if (this.codes.latenessOf(code) === 0) return choice;
    const member = this.codes.memberOf(code);
    const { clockUs } = this.#states[member]![this.causality.countBefore(step, member)]!;
    return { ...choice, atUs: clockUs } as Choice;
  }

  #addLates(enabled: number[]): void {
    const { codes } = this;
    const inTime = enabled.length;
    for (let index = 0; index < inTime; index += 1) {
      const code = enabled[index]!;
      const { lates } = this.stateOf(codes.memberOf(code));
      if (codes.isClosing(code) || lates >= this.#rules.latesMax!) continue;
      for (let late = 1; late <= LATENESSES_US.length; late += 1) {
        enabled.push(codes.late(code, late));
      }
    }
  }

  #addClosings(enabled: number[]): void {
    for (let from = 0; from < this.peers; from += 1) {
      // Nothing closes while everybody lives.
      if (this.isRunning(from)) continue;
      for (let to = 0; to < this.peers; to += 1) {
        const code = this.codes.close(from, to);
        const isOpen = to !== from && !this.#packets.isClosed(this.codes.pathOf(code));
        if (isOpen && this.isRunning(to)) enabled.push(code);
      }
    }
  }

  #crashedIfDue(member: number, state: MemberState): MemberState {
    if (!this.#crashPoints.isDueAfter(member, state.steps)) return state;
    this.crashes += 1;
    return this.#group.trees[member]!.after(state, CRASH);
  }

  /**
   * Whether a delivery in a step is of a message that was multicast in no step that comes before it: where steps are
   * mixed otherwise, it is not multicast yet. What no member multicasts in any run is none of these.
   */
  #isTooEarlyIn(step: number) {
    const { causality } = this;
    return ({
      sender,
      sequence,
    }: {
      readonly sender: number;
      readonly sequence: number;
    }): boolean => {
      const states = this.#states[sender];
      if (states === undefined || sender === causality.memberOf(step)) return false;
      const known = states[causality.countBefore(step, sender)]!.multicasts;
      return sequence >= known && sequence < this.#group.messages;
    };
  }
}
