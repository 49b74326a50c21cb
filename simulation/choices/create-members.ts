import type { Create } from '../../core/ordering.ts';
import { Member } from '../run/member.ts';
import type { World } from '../run/world.ts';
import type { Scenario } from '../scenario.ts';
import { guardedCreate } from './guarded-create.ts';

/** What is sent is frozen, and what the wire could not carry is an error. */
const OPTIONS = { strict: true } as const;

/** The members of a chosen run, and by member what its ordering threw before anything happened. */
export function createMembers(
  create: Create,
  scenario: Scenario,
  world: World,
  onCrash: (self: number) => void,
): { readonly members: readonly Member[]; readonly broken: ReadonlyMap<number, unknown> } {
  const broken = new Map<number, unknown>();
  const members = Array.from({ length: scenario.peers }, (_, self) => {
    const guarded = guardedCreate(create, (error) => broken.set(self, error));
    return new Member(self, guarded, scenario, OPTIONS, world, () => onCrash(self));
  });
  return { members, broken };
}
