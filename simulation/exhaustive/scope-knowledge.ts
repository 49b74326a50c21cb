import type { OrderingEntry } from '../../core/orderings/registry.ts';
import { NO_FATES } from '../choices/fates.ts';
import { GroupStates } from '../choices/states/group-states.ts';
import { ScheduleJudge } from './schedule-judge.ts';
import { type Scope, spaceOf } from './scope.ts';

/**
 * What one thread knows of a scope from the schedules that it searched: what members did, and what the judge said.
 * Nothing depends on it but the time that the next schedules take.
 */
export class ScopeKnowledge {
  readonly states: GroupStates;
  readonly judge: ScheduleJudge;

  constructor(entry: OrderingEntry, scope: Scope) {
    const { create, scenario } = spaceOf(entry, scope, NO_FATES);
    this.states = new GroupStates(create, scenario);
    this.judge = new ScheduleJudge(entry, scenario, this.states);
  }
}
