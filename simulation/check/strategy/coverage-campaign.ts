import { createStream, Stream } from '../../../core/base/random-streams.ts';
import type { Scenario } from '../../scenario.ts';
import { between, type DrawOptions } from '../draw-options.ts';
import { isLarge } from '../draw-large.ts';
import { CALM_EVERY, drawScenario } from '../draw-scenario.ts';
import { mutateScenario } from './mutate-scenario.ts';

/**
 * How many seeds in a row learn from each other; each multiple of it begins anew. So a seed stands for the same schedule
 * however many threads or machines share the seeds, and to run it again takes at most those before it in its campaign.
 */
export const CAMPAIGN_SEEDS = 256;
/** Of schedules that could be changed ones, the share that is drawn anew all the same. */
const FRESH_SHARE = 0.3;
/** Tells the stream of mutations from that of schedules that are drawn. */
const MUTATIONS = 1;

/**
 * The schedules of one campaign, guided by coverage (as fuzzers have it: Zalewski's AFL, 2013): a schedule that
 * reached a state that no earlier one of the campaign had is kept, and later ones are such with one thing changed.
 * Calm and large schedules stay what they are for every strategy.
 */
export class CoverageCampaign {
  readonly #options: DrawOptions;
  readonly #seen = new Set<number>();
  readonly #kept: Scenario[] = [];

  constructor(options: DrawOptions) {
    this.#options = options;
  }

  /** The schedule of `seed`; all earlier ones of its campaign were drawn and learnt from. */
  draw(seed: number): Scenario {
    const random = createStream(seed, Stream.schedules, MUTATIONS);
    const isFresh = random() < FRESH_SHARE || this.#kept.length === 0;
    if (isFresh || isFixed(seed, this.#options)) return drawScenario(seed, this.#options);
    const parent = this.#kept[between(random, 0, this.#kept.length - 1)]!;
    return mutateScenario(parent, random, this.#options);
  }

  /** Takes in which states the schedule of `seed` reached. */
  learn(seed: number, scenario: Scenario, states: ReadonlySet<number>): void {
    const before = this.#seen.size;
    for (const state of states) this.#seen.add(state);
    if (this.#seen.size > before && !isFixed(seed, this.#options)) this.#kept.push(scenario);
  }
}

/** The first seed of the campaign that `seed` is in. */
export function campaignOf(seed: number): number {
  return seed - (seed % CAMPAIGN_SEEDS);
}

function isFixed(seed: number, options: DrawOptions): boolean {
  return seed % CALM_EVERY === 0 || isLarge(seed, options);
}
