import { bareOf } from '../core/channels/reliable-link.ts';
import { type Create, type Group, outThrough } from '../core/ordering.ts';

/** Whose process it is: a member's first one, or the one that is started after it crashed. */
export type Process = Pick<Group, 'self' | 'incarnation'>;

/**
 * A `create` that makes each member with the `create` of its own process. Members on real machines share no
 * memory, and so those of a simulated run must not share the variables of a module either. Nor are they given the simulator's own
 * object for their effects: it has the record of what is judged, and when the member will multicast, and its class is one
 * for all of them.
 *
 * `first` says what holds of all of them, such as that they send again what is lost.
 */
export function createByMember(first: Create, createOf: (process: Process) => Create): Create {
  const create: Create = (group, out) => createOf(group)(group, outThrough(out, {}));
  const all = Object.assign(create, first);
  if (bareOf(first) === null) return all;
  const bare: Create = (group, out) => bareOf(createOf(group))!(group, outThrough(out, {}));
  return Object.assign(all, { bare });
}
