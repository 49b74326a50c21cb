import type { OrderingEntry } from '../../core/orderings/registry.ts';
import { boundsOf, type ChoiceBounds } from '../choices/shortest/choice-bounds.ts';
import type { ChosenChannels } from '../choices/chosen-run-options.ts';
import { chosenCreate, chosenScenario, type ChosenSetup } from '../choices/chosen-setup.ts';
import type { Fates } from '../choices/fates.ts';
import { LATENESSES_US } from '../choices/lateness.ts';
import type { SearchSpace } from '../choices/search/search-space.ts';

/** How many members multicast how many messages each, and how much may go wrong meanwhile. */
export interface Scope {
  readonly peers: number;
  readonly messages: number;
  /** `reliable`: the ordering runs without its link and its detector, over channels that lose nothing. */
  readonly channels: ChosenChannels;
  /** How many of its deadlines each member may see pass. */
  readonly timers: number;
  /** How often each member may be late: with a multicast, an arrival or its timer (lateness.ts). Absent: never. */
  readonly lates?: number;
  /** How many packets may be lost at most, and how many members may crash at most. */
  readonly losses: number;
  readonly crashes: number;
}

/** The bytes that each message carries, by which an altered content shows. */
const PAYLOAD_BYTES = 16;
/** What a member may be late with, where a scope allows that. */
const LATE_ACTS = ['multicast', 'deliver', 'fire'] as const;
/** The most steps of a schedule: ten times what any schedule takes that comes to an end. */
export const STEPS_MAX = 2_000;

/** Every scope up to this one, the one with the fewest multicasts first. */
export function scopesUpTo(scope: Scope): Scope[] {
  const scopes: Scope[] = [];
  for (let peers = 2; peers <= scope.peers; peers += 1) {
    for (let messages = 1; messages <= scope.messages; messages += 1) {
      scopes.push({ ...scope, peers, messages, crashes: Math.min(scope.crashes, peers) });
    }
  }
  return scopes.sort((a, b) => a.peers * a.messages - b.peers * b.messages);
}

/** What its schedules are played with. */
export function setupOf({ peers, messages, channels }: Scope): ChosenSetup {
  const setup = { peers, messages, payloadBytes: PAYLOAD_BYTES };
  return channels === 'reliable' ? { ...setup, channels } : setup;
}

/** What may be chosen in it, step by step. */
export function choicesIn({ losses, crashes, timers, lates = 0 }: Scope): ChoiceBounds {
  const faults = [
    ['lose', losses],
    ['crash', crashes],
  ] as const;
  return boundsOf(faults, timers, { acts: LATE_ACTS, byUs: LATENESSES_US, each: lates });
}

/** The schedules of a scope in which exactly these fates come true, if they do. */
export function spaceOf(entry: OrderingEntry, scope: Scope, fates: Fates): SearchSpace {
  const setup = setupOf(scope);
  return {
    create: chosenCreate(entry, setup),
    scenario: chosenScenario(setup),
    channels: scope.channels,
    deadlinesMax: scope.timers,
    latesMax: scope.lates ?? 0,
    fates,
    stepsMax: STEPS_MAX,
  };
}
