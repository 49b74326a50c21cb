import type { GuaranteeName } from '../../../core/guarantees.ts';
import type { FindingName } from '../../../simulation/check/finding.ts';
import type { Estimate } from '../../../simulation/choices/search/estimate-schedules.ts';
import type { Scope } from '../../../simulation/exhaustive/scope.ts';
import type { ScheduleTally } from '../../../simulation/exhaustive/search-part.ts';
import type { ToldSchedule } from './exhaustive-task.ts';
import type { DrawnOfScope, TriedBeyond } from './search-beyond.ts';

/** What `mpcomm check --exhaustive --json` prints. */
export interface ExhaustiveReport {
  readonly ordering: string;
  readonly guarantees: readonly GuaranteeName[];
  /** Whether the ordering packs messages; it ran without packs. */
  readonly packsLeftOut: boolean;
  /** Whether the ordering stands on a reliable link; the scopes say whether it ran with it. */
  readonly hasLink: boolean;
  /** The largest scope that was asked for. */
  readonly asked: Scope;
  /** The scopes every schedule of which was judged and broke nothing. */
  readonly whole: readonly { readonly scope: Scope; readonly tally: ScheduleTally }[];
  /** The scope after these, which was not searched to its end; `null` where there is none. */
  readonly unfinished: UnfinishedScope | null;
  /** The scopes that were asked for and not begun. */
  readonly notTried: readonly Scope[];
  /** How many schedules of the whole scopes were drawn besides, to let their timers go on until nothing was missing. */
  readonly playedOn: number;
  /** What was tried with more timers, late steps, faults and messages than were asked for. */
  readonly beyond: TriedBeyond;
  readonly failure: ExhaustiveFailure | null;
}

export interface UnfinishedScope {
  readonly scope: Scope;
  readonly tally: ScheduleTally;
  /**
   * How many things go wrong in the schedules to which the search had come; `estimate` counts all schedules
   * up to these.
   */
  readonly level: number;
  readonly estimate: Estimate | null;
  /** How many schedules of this and of later scopes were drawn at random besides, and broke nothing. */
  readonly drawn: readonly DrawnOfScope[];
  readonly why: string;
}

export interface ExhaustiveFailure {
  readonly broke: FindingName;
  readonly text: string;
  readonly alsoBroke: readonly FindingName[];
  /** `null` where it cannot be shown, because the ordering does not do the same again. */
  readonly schedule: Omit<ToldSchedule, 'svg'> | null;
  /** `null` where it could not be saved. */
  readonly savedFile: string | null;
  readonly diagramFile: string | null;
  /** The command that opens it. */
  readonly replay: string | null;
}
