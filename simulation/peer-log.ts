import type { PeerLog } from '../core/judge/comparison.ts';
import type { MemberResult } from './simulation-result.ts';

/** A simulated member as the comparison knows peers. `contentsNoted`: whether its contents are to be judged. */
export function peerLogOf(
  { sequence, firstPremature, crashed }: MemberResult,
  contentsNoted: boolean,
): PeerLog {
  return {
    sequence,
    multicasts: sequence.multicasts,
    multicastsNoted: true,
    contentsNoted,
    firstPremature,
    correct: !crashed,
    reportPlace: null,
  };
}
