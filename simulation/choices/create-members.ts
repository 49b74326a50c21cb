import type { Create } from '../../core/ordering.ts';
import { Member } from '../run/member.ts';
import type { World } from '../run/world.ts';
import type { Scenario } from '../scenario.ts';
import { guardedCreate } from './guarded-create.ts';

/** What is sent is frozen, and what the wire could not carry is an error. */
const OPTIONS = { strict: true } as const;

/** A member of a chosen run, and what its ordering threw before anything happened. */
export interface CreatedMember {
  readonly member: Member;
  /** `null`: it threw nothing. */
  readonly broken: { readonly error: unknown } | null;
}

export function createMember(
  self: number,
  create: Create,
  scenario: Scenario,
  world: World,
  onCrash: () => void,
): CreatedMember {
  let broken: CreatedMember['broken'] = null;
  const guarded = guardedCreate(create, (error) => (broken = { error }));
  return { member: new Member(self, guarded, scenario, OPTIONS, world, onCrash), broken };
}

/** The members of a chosen run, and by member what its ordering threw before anything happened. */
export function createMembers(
  create: Create,
  scenario: Scenario,
  world: World,
  onCrash: (self: number) => void,
): { readonly members: readonly Member[]; readonly broken: ReadonlyMap<number, unknown> } {
  const created = Array.from({ length: scenario.peers }, (_, self) =>
    createMember(self, create, scenario, world, () => onCrash(self)),
  );
  const broken = created.flatMap(({ broken: thrown }, self) =>
    thrown === null ? [] : [[self, thrown.error] as const],
  );
  return { members: created.map(({ member }) => member), broken: new Map(broken) };
}
