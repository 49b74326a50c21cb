import { type Digest, isSameDigest } from '../../core/base/digest.ts';
import type { Parting, Progress } from '../../core/wire/status.ts';

/** What a member knows of another one. */
export interface Companion {
  readonly progress: Progress;
  /** How the member would part, or has parted. */
  readonly parting: Parting | null;
  /** When it was last heard. */
  readonly heardAt: number;
}

/** What decides whether a member can end its run without some others. Times are its own microseconds. */
export interface PartingCompany {
  readonly now: number;
  /** By index; `null` at the place of this member itself. */
  readonly others: readonly (Companion | null)[];
  /** A member that has not finished and is silent for this long is gone, as far as anybody can tell. */
  readonly silenceUs: number;
}

/** Whether a member has ended before it had everything: its ordering takes part no more. */
export function hasStopped({ progress }: Companion): boolean {
  return progress.finished && !progress.complete;
}

function isGone({ progress, heardAt }: Companion, { now, silenceUs }: PartingCompany): boolean {
  return !progress.finished && heardAt + silenceUs <= now;
}

function membersWhere(
  company: PartingCompany,
  wanted: (companion: Companion) => boolean,
): readonly number[] {
  return company.others.flatMap((companion, member) =>
    companion !== null && wanted(companion) ? [member] : [],
  );
}

/** Other members whose orderings take part no more: gone, or ended before they had everything. */
export function lostMembers(company: PartingCompany): readonly number[] {
  return membersWhere(company, (other) => hasStopped(other) || isGone(other, company));
}

/**
 * The other members without which this one would have to part: all that are lost, except those that
 * have parted as it would. Where members ended in different ways, at most one group of them can be
 * these.
 */
export function absentMembers(company: PartingCompany, delivered: Digest): readonly number[] {
  const lost = lostMembers(company);
  for (const member of lost) {
    const parting = company.others[member]!.progress.finished
      ? company.others[member]!.parting
      : null;
    if (parting === null || !isSameDigest(parting.delivered, delivered)) continue;
    const without = membersLeftBy(company, lost, parting);
    if (isSameList(without, parting.without)) return without;
  }
  return lost;
}

/** All of `lost` that did not part in the way of `parting` themselves. */
function membersLeftBy(
  { others }: PartingCompany,
  lost: readonly number[],
  parting: Parting,
): readonly number[] {
  return lost.filter((member) => {
    const { progress, parting: own } = others[member]!;
    return !progress.finished || !isSameParting(own, parting);
  });
}

/** Other members that are gone, were stopped, or have ended without this one, which is `self`. */
export function deserters(company: PartingCompany): readonly number[] {
  const self = company.others.indexOf(null);
  return lostMembers(company).filter((member) => {
    const { progress, parting } = company.others[member]!;
    return !progress.finished || parting === null || parting.without.includes(self);
  });
}

/**
 * Parting: how members end a run together without some that are lost, so that a fair judge may hold
 * them to what they promised.
 *
 * A member that is at rest (it has multicast and delivered all of its own, holds nothing back, and has
 * delivered nothing for long) says without whom it would end, and what it has delivered. It ends once
 * everyone else says the same. Then all that stay have delivered the same messages and hold no other
 * that somebody may have delivered; and as each of them stops its ordering when it ends, a lost member
 * that comes back finds no majority with which it could deliver anything more.
 * docs/decisions/0008-ending-without-a-silent-member.md has the reasons.
 */
export function isParted(company: PartingCompany, own: Parting): boolean {
  return company.others.every(
    (other, member) =>
      other === null || own.without.includes(member) || isSameParting(own, other.parting),
  );
}

/**
 * The lost members that cannot end the run together with one that would part as `own` says: all that
 * did not part in the same way.
 */
export function leftBehindBy(company: PartingCompany, own: Parting): readonly number[] {
  const hasPartedSo = (member: number): boolean =>
    isSameParting(own, company.others[member]!.parting);
  return lostMembers(company).filter((member) => !hasPartedSo(member));
}

export function isSameParting(one: Parting | null, other: Parting | null): boolean {
  if (one === null || other === null) return one === other;
  return isSameDigest(one.delivered, other.delivered) && isSameList(one.without, other.without);
}

function isSameList(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((member, index) => member === other[index]);
}
