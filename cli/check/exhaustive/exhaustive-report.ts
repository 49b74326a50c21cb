import type { GuaranteeName } from '../../../core/guarantees.ts';
import type { FindingName } from '../../../simulation/check/finding.ts';
import type { Estimate } from '../../../simulation/choices/estimate-schedules.ts';
import type { Scope } from '../../../simulation/exhaustive/scope.ts';
import type { ScheduleTally } from '../../../simulation/exhaustive/search-part.ts';
import type { ToldSchedule } from './exhaustive-task.ts';

/** What `mpcomm check --exhaustive --json` prints. */
export interface ExhaustiveReport {
  readonly ordering: string;
  readonly guarantees: readonly GuaranteeName[];
  /** The ordering packs messages, and ran without packs. */
  readonly packsLeftOut: boolean;
  /** The ordering stands on a reliable link, with which it ran or not, as the scopes say. */
  readonly hasLink: boolean;
  /** The largest scope that was asked for. */
  readonly asked: Scope;
  /** Scopes of which every schedule was judged, and held. */
  readonly whole: readonly { readonly scope: Scope; readonly tally: ScheduleTally }[];
  /** The one after these, where it was not searched to its end; `null`: there is none. */
  readonly unfinished: UnfinishedScope | null;
  /** What was asked for and not begun. */
  readonly notTried: readonly Scope[];
  readonly failure: ExhaustiveFailure | null;
}

export interface UnfinishedScope {
  readonly scope: Scope;
  readonly tally: ScheduleTally;
  /** The search had come to schedules in which this number of things go wrong; `estimate` is of all up to these. */
  readonly level: number;
  readonly estimate: Estimate | null;
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
