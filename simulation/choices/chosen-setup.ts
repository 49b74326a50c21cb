import type { Workload } from '../../control/workload.ts';
import { bareOf } from '../../core/channels/reliable-link.ts';
import type { Create } from '../../core/ordering.ts';
import type { OrderingEntry } from '../../core/orderings/registry.ts';
import { calmNetwork, type Scenario } from '../scenario.ts';
import { shownCreate } from './shown-create.ts';

/** What a chosen run needs to be told besides its choices: with both it is the same run on every machine. */
export interface ChosenSetup {
  readonly peers: number;
  /** How many messages each of them may multicast. */
  readonly messages: number;
  /** What each message carries; default 0. */
  readonly payloadBytes?: number;
  /** What the messages carry, in place of `payloadBytes` random bytes; absent: nothing in particular. */
  readonly workload?: Workload;
  /** What an ordering's random numbers and the payloads are drawn from; default 1. */
  readonly seed?: number;
  /** Whether messages share packets where the ordering packs them; by default each is one of its own. */
  readonly packs?: boolean;
  /**
   * `reliable`: an ordering that stands on a reliable link runs without the link and its failure detector, over
   * channels that do what these are for. By default packets are datagrams.
   */
  readonly channels?: 'reliable';
}

/** The scenario of a chosen run. Its times and its network do not matter: whoever chooses decides. */
export function chosenScenario(setup: ChosenSetup): Scenario {
  const { peers, messages, payloadBytes = 0, workload, seed = 1 } = setup;
  return {
    peers,
    messages,
    payloadBytes,
    ...(workload === undefined ? {} : { workload }),
    intervalUs: { min: 0, max: 0 },
    seed,
    network: calmNetwork({ kind: 'constant', us: 0 }),
    faults: [],
    endUs: 1,
  };
}

/** Whether the ordering stands on a reliable link, so that it can run without it. */
export function hasLink(entry: OrderingEntry): boolean {
  return bareOf(shownCreate(entry)) !== null;
}

/** The ordering of a chosen run. */
export function chosenCreate(
  entry: OrderingEntry,
  { packs = false, channels }: ChosenSetup,
): Create {
  if (channels === undefined) return packs ? entry.create : shownCreate(entry);
  const bare = bareOf(shownCreate(entry));
  if (bare !== null) return bare;
  throw new RangeError(
    `${entry.name} has no reliable link that could be left out: it runs over datagrams`,
  );
}
