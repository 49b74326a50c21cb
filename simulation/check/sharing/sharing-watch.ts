import type { Create } from '../../../core/ordering.ts';
import type { OrderingEntry } from '../../../core/orderings/registry.ts';
import type { Scenario } from '../../scenario.ts';
import type { Finding } from '../finding.ts';
import { type InformationFlow, informationFlowOf } from './information-flow.ts';
import { judgeApart, MembersApart } from './members-apart.ts';

/**
 * Watches one run, from its making on, for what members share besides packets; a member on a machine of its own has
 * nothing of the others but these.
 */
export class SharingWatch {
  /** Observes the run; `null` where the run is too large for that. */
  readonly flow: InformationFlow | null;
  /** The `create` of the run, which is watched as well. */
  readonly create: Create;
  readonly #endOfWatch: (() => string | null) | null;
  readonly #entry: OrderingEntry;
  readonly #apart = new MembersApart();

  constructor(entry: OrderingEntry, scenario: Scenario) {
    const { create, createApart } = entry;
    this.#entry = entry;
    this.create = createApart === undefined ? create : this.#apart.recording(create);
    this.flow = informationFlowOf(scenario);
    this.#endOfWatch = entry.watchShared?.() ?? null;
  }

  /** Ends the watch: the findings of a run with what its members share, of which much else follows, after what failed. */
  findingsWith(broken: readonly Finding[]): readonly Finding[] {
    const changed = this.#endOfWatch?.() ?? null;
    const isAbout = ({ name }: Finding): boolean => name === 'sharing';
    const shared = [
      ...(changed === null ? [] : [{ name: 'sharing', text: changed, observations: [] } as const]),
      ...(this.flow?.finding ? [this.flow.finding] : []),
      ...broken.filter(isAbout),
    ];
    if (shared.length === 0) return broken;
    const text = shared.map((each) => each.text).join('; ');
    const observations = shared.flatMap((each) => each.observations);
    const failed = broken.filter(({ name }) => name === 'failed');
    const rest = broken.filter((each) => !isAbout(each) && each.name !== 'failed');
    return [...failed, { name: 'sharing', text, observations }, ...rest];
  }

  /** What members of a run in which nothing else is wrong do otherwise by themselves. `run` makes it again with a `create`. */
  findingApart(run: (create: Create) => boolean): Finding | null {
    const { create, createApart } = this.#entry;
    if (createApart === undefined) return null;
    return judgeApart(this.#apart, createApart, () => {
      const again = new MembersApart();
      return run(again.recording(create)) ? again : null;
    });
  }
}
