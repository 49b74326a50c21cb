import { type GuaranteeName, LIVENESS_GUARANTEES } from '../../core/guarantees.ts';
import type { Comparison } from '../comparison-document.ts';
import { nameSome } from '../name-some.ts';
import type { ComparisonInput, MemberLog } from './member-log.ts';
import type { Company } from './who-stayed.ts';

type Guarantees = Comparison['guarantees'];

/**
 * The verdicts, except those that a fair judge may not give: that something was never delivered, when
 * it may have been about to be, or when the ordering promised nothing any more. The reason tells what
 * was not delivered.
 */
export function excuse(
  guarantees: Guarantees,
  input: ComparisonInput,
  company: Company,
): Guarantees {
  const cutOff = describeCutOff(input.members);
  const inTime = withReason(guarantees, LIVENESS_GUARANTEES, cutOff);
  const declared = LIVENESS_GUARANTEES.filter((name) => input.declared.includes(name));
  const loss = describeLoss(input, company);
  const promised = withReason(inTime, declared, loss);
  return maySomebodyBeAstray(input) ? withReason(promised, ['total'], cutOff ?? loss) : promised;
}

/**
 * Whether some member may have to stop because the others went on without it, and has not heard so yet.
 * That is possible where the group survives losses, but a member may deliver what the survivors will
 * not. Until such a member hears of it, it follows nobody's order.
 */
function maySomebodyBeAstray({ declared, survives }: ComparisonInput): boolean {
  const isUniform = declared.includes('uniformTotal');
  return survives === 'minority' && declared.includes('total') && !isUniform;
}

function withReason(
  guarantees: Guarantees,
  names: readonly GuaranteeName[],
  reason: string | null,
): Guarantees {
  if (reason === null) return guarantees;
  const excused = { ...guarantees };
  for (const name of names) {
    const { held, counterexample } = guarantees[name];
    if (held !== false) continue;
    excused[name] = { held: null, reason: `${reason}: ${counterexample?.text ?? ''}` };
  }
  return excused;
}

/** Why messages may be missing only because the deadline came while they were on their way; or `null`. */
function describeCutOff(members: readonly MemberLog[]): string | null {
  const cutOff = members.filter(({ report }) => report?.outcome === 'deadline');
  if (cutOff.length === 0) return null;
  return `the deadline cut the run off at ${namesOf(cutOff)}`;
}

/**
 * Why messages may be missing because more members were lost than the ordering survives; or `null`. A
 * lost member may have been alive: then the others ended before they could hear the rest, and it
 * delivered what they could not see.
 */
function describeLoss({ members, survives }: ComparisonInput, company: Company): string | null {
  if (survives === undefined) return null;
  if (survives === 'minority') {
    const reason = 'it is promised only while a majority stays together to the end, and none did';
    return company.isMajority ? null : reason;
  }
  const lost = members.filter((_member, place) => company.lost[place]!);
  if (lost.length === 0) return null;
  const were = lost.length === 1 ? 'was' : 'were';
  return `it is promised only while nobody is lost, and ${namesOf(lost)} ${were}`;
}

function namesOf(members: readonly MemberLog[]): string {
  return nameSome(members.map(({ peerId }) => peerId));
}
