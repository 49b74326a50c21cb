import type { MemberLog } from './member-log.ts';
import { isToTheEnd } from './to-the-end.ts';

/** Whether a member reported how the run ended for it, rather than that it left or failed. */
function sawTheEnd({ report, standing }: MemberLog): boolean {
  return standing === 'reported' && isToTheEnd(report?.outcome ?? null);
}

/** The members of a run at its end. */
export interface Company {
  /** By place: whether a member counts as correct, in the sense of the literature: as never crashed. */
  readonly stayed: readonly boolean[];
  /** Whether the members that stayed are a majority, none of which ended without another. */
  readonly isMajority: boolean;
  /** By place: whether a member saw an end, but others had ended without it. */
  readonly leftBehind: readonly boolean[];
  /** By place: whether a member did not stay, or somebody ended without it. */
  readonly lost: readonly boolean[];
}

/**
 * Which members stayed together to the end of the run; the others count as crashed, whatever became of
 * them.
 *
 * A member that ends without others names them in its report. Members that ended without the same
 * others stayed together. So did members that delivered everything, unless another of them names them.
 * A member that the deadline stopped stayed with everybody who does not name it. Among the sets of
 * members that stayed together the largest counts: where a group was divided, it is the part that went
 * on. Where it is no majority, nothing can be said of who left whom, and every member that saw an end
 * counts.
 */
export function companyOf(members: readonly MemberLog[]): Company {
  const sets = new Map<string, readonly string[]>();
  for (const member of members.filter(sawTheEnd)) {
    const missing = leftBy(member);
    sets.set([...missing].sort().join(' '), missing);
  }
  const candidates = [...sets.values()].map((missing) => stayedWithout(members, missing));
  const largest = candidates.reduce((best, each) => (count(each) > count(best) ? each : best), []);
  const isMajority = 2 * count(largest) > members.length;
  const stayed = isMajority ? largest : members.map(sawTheEnd);
  const missed = new Set(members.flatMap(missingOf));
  const lost = members.map(({ peerId }, place) => missed.has(peerId) || !stayed[place]!);
  const leftBehind = members.map((member, place) => sawTheEnd(member) && !stayed[place]!);
  return { stayed, isMajority, leftBehind, lost };
}

/** The members that ended without exactly `missing`. */
function stayedWithout(
  members: readonly MemberLog[],
  missing: readonly string[],
): readonly boolean[] {
  const isTogether = members.map((member) => {
    const own = leftBy(member);
    const isSame = own.length === missing.length && own.every((peerId) => missing.includes(peerId));
    return sawTheEnd(member) && (isSame || member.report?.outcome === 'deadline');
  });
  const named = new Set(
    members.flatMap((member, place) => (isTogether[place]! ? missingOf(member) : [])),
  );
  return members.map(({ peerId }, place) => isTogether[place]! && !named.has(peerId));
}

/** The members without which it lacks messages: a member that has everything left nobody who had more. */
function leftBy(member: MemberLog): readonly string[] {
  return member.report?.outcome === 'settled' ? missingOf(member) : [];
}

/** A member that was lost to nobody in particular, and logs from files, name nobody. */
function missingOf({ report }: MemberLog): readonly string[] {
  return report?.missing ?? [];
}

function count(stayed: readonly boolean[]): number {
  return stayed.filter(Boolean).length;
}
