import type { OrderingEntry } from '../../core/orderings/registry.ts';
import type { Scenario } from '../scenario.ts';
import type { Finding } from './finding.ts';
import { type InformationFlow, informationFlowOf } from './information-flow.ts';

/** Begins to watch a run for what its members share besides packets. */
export function watchSharing(entry: OrderingEntry, scenario: Scenario): SharingWatch {
  return new SharingWatch(informationFlowOf(scenario), entry.watchShared?.() ?? null);
}

/** Watches one run; a member on a machine of its own has nothing of the others but their packets. */
export class SharingWatch {
  /** Observes the run; `null` where the run is too large for that. */
  readonly flow: InformationFlow | null;
  readonly #endOfWatch: (() => string | null) | null;

  constructor(flow: InformationFlow | null, endOfWatch: (() => string | null) | null) {
    this.flow = flow;
    this.#endOfWatch = endOfWatch;
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
    const [first, ...others] = shared;
    if (first === undefined) return broken;
    const text = [first, ...others].map((each) => each.text).join('; ');
    const observations = shared.flatMap((each) => each.observations);
    const failed = broken.filter(({ name }) => name === 'failed');
    const rest = broken.filter((each) => !isAbout(each) && each.name !== 'failed');
    return [...failed, { name: 'sharing', text, observations }, ...rest];
  }
}
