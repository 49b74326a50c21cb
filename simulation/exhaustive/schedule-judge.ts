import type { OrderingEntry } from '../../core/orderings/registry.ts';
import { judge, type Judgement } from '../check/judge.ts';
import type { Scenario } from '../scenario.ts';
import { scenarioToJudge } from '../choices/shortest/judge-chosen-run.ts';
import type { GroupStates } from '../choices/states/group-states.ts';
import type { MemberEnd } from '../choices/states/member-end.ts';
import type { SearchedRun } from '../choices/states/searched-run.ts';
import { collectResult } from '../run/collect-result.ts';
import { NO_PACKET_FAULTS } from '../run/run-so-far.ts';
import type { SimulationResult } from '../simulation-result.ts';

/** The most judgements that are kept: they take half a kilobyte each. */
const KEPT_MAX = 100_000;

/** No fault of these happens in a scope; those that do are not counted here, as the judge does not ask for them. */
const NOTHING_ELSE = {
  network: NO_PACKET_FAULTS,
  secondLives: { restarts: 0 },
  pauses: 0,
  lateStarts: 0,
  faultsToCome: 0,
} as const;

/**
 * What `check` would say of the schedules of a search (`judgeChosenRun`). Schedules in which every member came
 * to the same are judged once: most orderings have many ways to few ends.
 */
export class ScheduleJudge {
  readonly #entry: OrderingEntry;
  readonly #scenario: Scenario;
  readonly #group: GroupStates;
  readonly #judgements = new Map<string, Judgement>();

  /** `group`: the states of which the schedules are made. */
  constructor(entry: OrderingEntry, scenario: Scenario, group: GroupStates) {
    this.#entry = entry;
    this.#scenario = scenario;
    this.#group = group;
  }

  judge(run: SearchedRun): Judgement {
    const ends = this.#group.trees.map((tree, member) => tree.endAt(run.stateOf(member)));
    const { isQuiet } = run;
    const scenario = this.#scenarioOf(run);
    const { premature } = run;
    let key = `${String(isQuiet)} ${String(scenario === this.#scenario)}`;
    for (const { number } of ends) key += ` ${number}`;
    if (premature !== null) key += ` ${premature.member} ${premature.position}`;
    const known = this.#judgements.get(key);
    if (known !== undefined) return known;
    const judgement = judge(this.#entry, scenario, this.#resultOf(run, ends), isQuiet);
    if (this.#judgements.size >= KEPT_MAX) this.#judgements.clear();
    this.#judgements.set(key, judgement);
    return judgement;
  }

  #scenarioOf(run: SearchedRun): Scenario {
    const deadlinesOf = this.#group.trees.map((_, member) => run.stateOf(member).deadlines);
    const { crashes, network, isOverdue } = run;
    return scenarioToJudge({ scenario: this.#scenario, deadlinesOf, isOverdue, crashes, network });
  }

  #resultOf(run: SearchedRun, ends: readonly MemberEnd[]): SimulationResult {
    const soFar = {
      ...NOTHING_ELSE,
      scenario: this.#scenario,
      nowUs: 0,
      members: ends,
      failures: ends.flatMap(({ failure }) => failure ?? []),
      events: run.length,
      crashes: run.crashes,
    };
    const result = collectResult(soFar, run.isQuiet ? 'quiet' : 'end');
    const { premature } = run;
    if (premature === null) return result;
    const members = result.members.map((member, self) => {
      const { firstPremature } = member;
      if (self !== premature.member) return member;
      return { ...member, firstPremature: firstPremature ?? premature.position };
    });
    return { ...result, members };
  }
}
