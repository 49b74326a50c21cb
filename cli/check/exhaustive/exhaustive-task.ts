import type { Finding } from '../../../simulation/check/finding.ts';
import type { Estimate } from '../../../simulation/choices/search/estimate-schedules.ts';
import type { Fates } from '../../../simulation/choices/fates.ts';
import type { Scope } from '../../../simulation/exhaustive/scope.ts';
import type { PartProgress, SearchPart } from '../../../simulation/exhaustive/search-part.ts';
import type { OrderingSource } from '../../ordering/ordering-source.ts';

/** What a thread of the exhaustive search is started with. */
export interface ExhaustiveWorkerData {
  readonly source: OrderingSource;
  /** A program gets new processes for each run, also if it says that it begins anew by itself. */
  readonly fresh: boolean;
  /** One unsigned 32-bit number that grows with every schedule, so that a hang can be seen. */
  readonly progress: SharedArrayBuffer;
  /** Where it says which schedule it is trying, as `TriedSchedule` has it. */
  readonly tried: SharedArrayBuffer;
}

/** What such a thread is asked for, one at a time. */
export type ExhaustiveTask =
  | {
      readonly task: 'cut';
      readonly scope: Scope;
      readonly plans: readonly Fates[];
      readonly partsPerPlan: number;
    }
  | { readonly task: 'estimate'; readonly scope: Scope; readonly plans: readonly Fates[] }
  | {
      readonly task: 'draw';
      readonly scope: Scope;
      readonly seed: number;
      readonly countMax: number;
      readonly sliceMs: number;
    }
  | {
      readonly task: 'search';
      readonly scope: Scope;
      readonly part: SearchPart;
      readonly sliceMs: number;
    }
  | {
      readonly task: 'explain';
      readonly scope: Scope;
      readonly found: readonly string[];
      readonly notSearched: readonly Scope[];
      readonly explainMs: number;
    }
  /** Takes all schedules, the short ones first, up to one that does not come back. */
  | {
      readonly task: 'hunt';
      readonly scope: Scope;
      readonly lengthMax: number;
      readonly huntMs: number;
    }
  | { readonly task: 'confirm'; readonly scope: Scope; readonly choices: readonly string[] };

export type ExhaustiveAnswer =
  | { readonly task: 'cut'; readonly parts: readonly SearchPart[] }
  /** The estimate; `null` where there is none, since a schedule does not end. */
  | { readonly task: 'estimate'; readonly estimate: Estimate | null }
  /** How many schedules were drawn, and the one that broke something. */
  | { readonly task: 'draw'; readonly drawn: number; readonly broken: readonly string[] | null }
  | { readonly task: 'search'; readonly progress: PartProgress }
  | { readonly task: 'explain'; readonly told: ToldSchedule }
  /** Up to which length all schedules came back. */
  | { readonly task: 'hunt'; readonly provenLength: number }
  /** What the schedule broke first; `null` where it broke nothing. */
  | { readonly task: 'confirm'; readonly broke: string | null }
  /** Whether the same choices were not possible again, or had another effect. */
  | { readonly task: 'unrepeatable'; readonly why: string }
  /** The ordering threw when none of its methods ran, or its members share memory: there is no schedule to show for it. */
  | { readonly task: 'elsewhere'; readonly finding: Finding };

export type AnswerTo<Name extends ExhaustiveTask['task']> = Extract<
  ExhaustiveAnswer,
  { task: Name }
>;

/** A counterexample, and what is known of shorter ones; plain data. */
export interface ToldSchedule {
  readonly scope: Scope;
  readonly choices: readonly string[];
  readonly choicesFound: number;
  readonly findings: readonly Finding[];
  readonly proven: readonly { readonly scope: Scope; readonly choices: number }[];
  /** How many timers and arrivals the story has after these choices, of a schedule that lacks something at its end. */
  readonly stepsAfter: number;
  readonly story: string;
  readonly svg: string;
}
