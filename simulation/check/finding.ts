import type { GuaranteeName } from '../../core/guarantees.ts';
import type { Observation } from '../../core/judge/comparison.ts';

/**
 * What a run can break: a guarantee that the ordering declares, or what is asked of every ordering.
 * `failed`: it threw; `endless`: it makes more events than any schedule should; `liveness`: members
 * that live wait for ever; `excluded`: more members stopped themselves as excluded than may be missing;
 * `sharing`: a member knows or does what no packet brought it, so that memory or a file is shared;
 * `sorting`: it delivers nothing until everything is over; `unobserved`: a guarantee that it declares could
 * be judged in no schedule at all; `reset`: something is kept from one run to the next; `unrepeatable`: the same
 * schedule did not come out the same again.
 */
export type FindingName =
  | GuaranteeName
  | 'failed'
  | 'endless'
  | 'liveness'
  | 'excluded'
  | 'sharing'
  | 'sorting'
  | 'unobserved'
  | 'reset'
  | 'unrepeatable';

export interface Finding {
  readonly name: FindingName;
  /** One sentence for a person. */
  readonly text: string;
  /** The observations of which the sentence speaks: deliveries, and messages that were not delivered. */
  readonly observations: readonly Observation[];
}
