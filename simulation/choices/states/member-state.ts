import type { Message } from '../../../core/message.ts';

/** What one member sees next, apart from all others. Steps with the same `key` are the same. */
export type MemberStep =
  | { readonly act: 'multicast' | 'fire' | 'crash'; readonly key: number }
  | { readonly act: 'close'; readonly key: number; readonly from: number }
  | Arrival;

/** A message arrives. What came from the same member with the same content is the same arrival. */
export interface Arrival {
  readonly act: 'deliver';
  readonly key: number;
  readonly from: number;
  readonly message: Message;
}

export const MULTICAST: MemberStep = { act: 'multicast', key: 0 };
export const FIRE: MemberStep = { act: 'fire', key: 1 };
/** The member crashes between two steps. */
export const CRASH: MemberStep = { act: 'crash', key: 2 };
/** The smallest key that none of these has. */
export const KEYS_BEGIN = 3;

/** A packet as its sender knows it. */
export interface Sent {
  readonly to: number;
  readonly arrival: Arrival;
}

export interface Delivery {
  readonly sender: number;
  readonly sequence: number;
}

/** What can be seen of a member after a step. */
export interface Appearance {
  /** What it sent and delivered in that step, in order. */
  readonly sends: readonly Sent[];
  readonly deliveries: readonly Delivery[];
  /** Whether it has neither crashed nor failed. */
  readonly running: boolean;
  readonly crashed: boolean;
  /** Whether messages are left that it may multicast, and how many it did. */
  readonly mayMulticast: boolean;
  readonly multicasts: number;
  readonly hasDeadline: boolean;
  /** What its clock read in that step, and whether its deadline was past by then though it was not its timer that went off. */
  readonly clockUs: number;
  readonly isOverdue: boolean;
}

/** A member that has seen certain steps in a certain order, whatever the others did meanwhile. */
export class MemberState implements Appearance {
  /** The state before the last step, and that step; `null`: there was none yet. */
  readonly before: MemberState | null;
  readonly step: MemberStep | null;
  /** After how many packets the member crashed in the last step (-1: it did not), and how late that came (0: in time). */
  readonly sendsMax: number;
  readonly lateness: number;
  /** How many steps it took (crashes are none), how many of them were deadlines, how many late, and how much it delivered. */
  readonly steps: number;
  readonly deadlines: number;
  readonly lates: number;
  readonly delivered: number;
  readonly sends: readonly Sent[];
  readonly deliveries: readonly Delivery[];
  readonly running: boolean;
  readonly crashed: boolean;
  readonly mayMulticast: boolean;
  readonly multicasts: number;
  readonly hasDeadline: boolean;
  readonly clockUs: number;
  /** Whether it was overdue in any of its steps. */
  readonly isOverdue: boolean;
  /** The states that came after it so far, by what made them different. */
  readonly next = new Map<number, MemberState>();

  constructor(
    before: MemberState | null,
    step: MemberStep | null,
    sendsMax: number,
    lateness: number,
    appearance: Appearance,
  ) {
    this.before = before;
    this.step = step;
    this.sendsMax = sendsMax;
    this.lateness = lateness;
    this.steps = before === null ? 0 : before.steps + (step === CRASH ? 0 : 1);
    this.deadlines = before === null ? 0 : before.deadlines + (step === FIRE ? 1 : 0);
    this.lates = (before?.lates ?? 0) + (lateness > 0 ? 1 : 0);
    this.delivered = (before?.delivered ?? 0) + appearance.deliveries.length;
    this.sends = appearance.sends;
    this.deliveries = appearance.deliveries;
    this.running = appearance.running;
    this.crashed = appearance.crashed;
    this.mayMulticast = appearance.mayMulticast;
    this.multicasts = appearance.multicasts;
    this.hasDeadline = appearance.hasDeadline;
    this.clockUs = appearance.clockUs;
    this.isOverdue = appearance.isOverdue || (before?.isOverdue ?? false);
  }
}

/** What leads to a state, from the first one on. */
export function pathTo(state: MemberState): MemberState[] {
  const path: MemberState[] = [];
  for (let each: MemberState | null = state; each !== null; each = each.before) path.push(each);
  return path.reverse();
}
