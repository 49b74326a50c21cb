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
}

/** A member that has seen certain steps in a certain order, whatever the others did meanwhile. */
export class MemberState implements Appearance {
  /** The state before the last step, that step, and after how many packets the member crashed in it (-1: it did not). */
  readonly before: MemberState | null;
  readonly step: MemberStep | null;
  readonly sendsMax: number;
  /** How many steps it took (crashes are none), how many of them were deadlines, and how much it delivered. */
  readonly steps: number;
  readonly deadlines: number;
  readonly delivered: number;
  readonly sends: readonly Sent[];
  readonly deliveries: readonly Delivery[];
  readonly running: boolean;
  readonly crashed: boolean;
  readonly mayMulticast: boolean;
  readonly multicasts: number;
  readonly hasDeadline: boolean;
  /** The states that came after it so far, by what made them different. */
  readonly next = new Map<number, MemberState>();

  constructor(
    before: MemberState | null,
    step: MemberStep | null,
    sendsMax: number,
    appearance: Appearance,
  ) {
    this.before = before;
    this.step = step;
    this.sendsMax = sendsMax;
    this.steps = before === null ? 0 : before.steps + (step === CRASH ? 0 : 1);
    this.deadlines = before === null ? 0 : before.deadlines + (step === FIRE ? 1 : 0);
    this.delivered = (before?.delivered ?? 0) + appearance.deliveries.length;
    this.sends = appearance.sends;
    this.deliveries = appearance.deliveries;
    this.running = appearance.running;
    this.crashed = appearance.crashed;
    this.mayMulticast = appearance.mayMulticast;
    this.multicasts = appearance.multicasts;
    this.hasDeadline = appearance.hasDeadline;
  }
}

/** What leads to a state, from the first one on. */
export function pathTo(state: MemberState): MemberState[] {
  const path: MemberState[] = [];
  for (let each: MemberState | null = state; each !== null; each = each.before) path.push(each);
  return path.reverse();
}
