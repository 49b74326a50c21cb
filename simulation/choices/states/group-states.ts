import type { Create } from '../../../core/ordering.ts';
import type { Scenario } from '../../scenario.ts';
import { Arrivals } from './arrivals.ts';
import { EndNumbers } from './end-numbers.ts';
import { MemberTree } from './member-tree.ts';

/** A search that goes on after this many states begins with none again: they take one or two kilobytes each. */
const STATES_MAX = 100_000;

/**
 * What the members of a group have been seen to do in any schedule of a search, so that none of them does the same
 * twice. It holds for every schedule with the same orderings and the same multicasts, whatever is lost and whoever
 * crashes in it.
 */
export class GroupStates {
  readonly peers: number;
  readonly #create: Create;
  readonly #scenario: Scenario;
  readonly #statesMax: number;
  readonly #endNumbers = new EndNumbers();
  #arrivals: Arrivals;
  #trees: readonly MemberTree[];

  /** `statesMax`: after this many states it is full. */
  constructor(create: Create, scenario: Scenario, statesMax = STATES_MAX) {
    this.#statesMax = statesMax;
    this.peers = scenario.peers;
    this.#create = create;
    this.#scenario = scenario;
    this.#arrivals = new Arrivals(scenario.peers);
    this.#trees = this.#plant();
  }

  /** How many messages each member has to multicast. */
  get messages(): number {
    return this.#scenario.messages;
  }

  get trees(): readonly MemberTree[] {
    return this.#trees;
  }

  /** That the channel from a member closes, as its receiver sees it. */
  closing(from: number): ReturnType<Arrivals['closing']> {
    return this.#arrivals.closing(from);
  }

  /** Whether there are so many states that they are to be forgotten. */
  get isFull(): boolean {
    return this.#trees.reduce((sum, { size }) => sum + size, 0) > this.#statesMax;
  }

  /** Begins anew; whoever goes on in a state of before holds its whole tree in memory. */
  forget(): void {
    this.#endNumbers.forget();
    this.#arrivals = new Arrivals(this.peers);
    this.#trees = this.#plant();
  }

  /** To be called when members of the same ordering were made by somebody else. */
  dropLive(): void {
    for (const tree of this.#trees) tree.dropLive();
  }

  #plant(): MemberTree[] {
    const { peers } = this;
    const create = madeAlone(this.#create);
    return Array.from({ length: peers }, (_, self) => {
      return new MemberTree(self, create, this.#scenario, this.#arrivals, this.#endNumbers);
    });
  }
}

/** The same for members that are made one at a time, while those made before are still in use. */
function madeAlone(create: Create): Create {
  return (group, out) => create({ ...group, alone: true }, out);
}
