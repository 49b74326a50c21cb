import { type Mechanism, ORDERING_NAMES, ORDERINGS } from '../core/orderings/registry.ts';
import { distinct } from './marks.ts';
import { SERIES_MAX } from './palette.ts';

/** The panels of a chart: orderings that are worth comparing stand in one, by how they decide. */
export const ORDERING_GROUPS = ['no total order', 'one member decides', 'members agree'] as const;
export type OrderingGroup = (typeof ORDERING_GROUPS)[number];

const GROUP_OF: Readonly<Record<Mechanism, OrderingGroup>> = {
  'fixed sequencer': 'one member decides',
  'moving sequencer': 'one member decides',
  'privilege-based': 'one member decides',
  'communication history': 'members agree',
  'destinations agreement': 'members agree',
};

/** Somebody's own ordering, of which the registry says nothing, is shown beside those that agree. */
export function groupOf(ordering: string): OrderingGroup {
  const entry = ORDERINGS.get(ordering);
  if (entry === undefined) return 'members agree';
  return entry.mechanism === undefined ? 'no total order' : GROUP_OF[entry.mechanism];
}

/**
 * The series of each ordering: its place among those of its group that were measured, as registered. An
 * ordering that is registered later changes no chart of what was measured before.
 */
export function seriesOf(orderings: readonly string[]): ReadonlyMap<string, number> {
  const measured = distinct(orderings);
  const registered = ORDERING_NAMES.filter((name) => measured.includes(name));
  const all = [...registered, ...measured.filter((name) => !registered.includes(name))];
  return new Map(
    ORDERING_GROUPS.flatMap((group) =>
      all
        .filter((name) => groupOf(name) === group)
        .map((name, place) => [name, place % SERIES_MAX] as const),
    ),
  );
}
