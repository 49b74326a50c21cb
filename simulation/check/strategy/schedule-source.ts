import type { OrderingEntry } from '../../../core/orderings/registry.ts';
import { createStream, Stream } from '../../../core/base/random-streams.ts';
import type { Scenario } from '../../scenario.ts';
import { checkScenario } from '../check-scenario.ts';
import { campaignOf, CoverageCampaign } from './coverage-campaign.ts';
import { CoverageObserver } from './coverage-observer.ts';
import type { DrawOptions } from '../draw-options.ts';
import { isLarge } from '../draw-large.ts';
import { withPriorities } from './draw-priorities.ts';
import { CALM_EVERY, drawScenario, withEnd } from '../draw-scenario.ts';
import { type Strategy, STRATEGY_DEFAULT } from './strategy.ts';

/** Tells the stream of priorities from that of schedules that are drawn. */
const PRIORITIES = 2;

/** A schedule, and who is to see it run for the next ones' sake; `null` where they do not depend on it. */
export interface NextSchedule {
  readonly drawn: Scenario;
  readonly coverage: CoverageObserver | null;
}

/** Watches over the schedules that are run only to draw a later one. */
export interface DrawWatch {
  /** It is told the seed of each of them when that begins. */
  readonly onEarlier?: (seed: number) => void;
  /** See `CheckScenarioOptions`. */
  readonly mayGoOn?: () => boolean;
}

/**
 * The schedules that seeds stand for under a strategy. Under `coverage` a schedule depends on what those before it
 * in its campaign reached, which are run where that is not known yet.
 */
export class ScheduleSource {
  readonly #entry: OrderingEntry;
  readonly #options: DrawOptions;
  readonly #strategy: Strategy;
  #campaign: CoverageCampaign;
  /** The schedules before this seed, from the beginning of its campaign, were learnt from. */
  #learntUpTo = 0;

  constructor(entry: OrderingEntry, options: DrawOptions, strategy: Strategy = STRATEGY_DEFAULT) {
    this.#entry = entry;
    this.#options = options;
    this.#strategy = strategy;
    this.#campaign = new CoverageCampaign(options);
  }

  /** To be learnt from once it ran, where it has a coverage. */
  next(seed: number, { onEarlier, mayGoOn }: DrawWatch = {}): NextSchedule {
    if (this.#strategy.kind !== 'coverage') {
      return { drawn: this.#drawAlone(seed, this.#strategy), coverage: null };
    }
    const begin = campaignOf(seed);
    if (this.#learntUpTo < begin || this.#learntUpTo > seed) {
      this.#campaign = new CoverageCampaign(this.#options);
      this.#learntUpTo = begin;
    }
    while (this.#learntUpTo < seed) {
      const earlier = this.#nextOfCampaign(this.#learntUpTo);
      const { drawn, coverage: observer } = earlier;
      onEarlier?.(this.#learntUpTo);
      const limits = mayGoOn === undefined ? {} : { mayGoOn };
      if (observer !== null) {
        // Only what it reaches counts: it was judged before, or by somebody else.
        const unjudged = { observer, isThorough: false, judgesSharing: false };
        checkScenario(this.#entry, drawn, { ...limits, ...unjudged });
      }
      this.learn(this.#learntUpTo, earlier);
    }
    return this.#nextOfCampaign(seed);
  }

  /** What `next` gave for `seed` has run. */
  learn(seed: number, { drawn, coverage }: NextSchedule): void {
    if (coverage !== null) this.#campaign.learn(seed, drawn, coverage.states);
    this.#learntUpTo = seed + 1;
  }

  #drawAlone(seed: number, strategy: Strategy): Scenario {
    const drawn = drawScenario(seed, this.#options);
    const isFixed = seed % CALM_EVERY === 0 || isLarge(seed, this.#options);
    if (strategy.kind !== 'pct' || isFixed) return drawn;
    const random = createStream(seed, Stream.schedules, PRIORITIES);
    return withEnd(withPriorities(drawn, strategy.depth, random));
  }

  #nextOfCampaign(seed: number): NextSchedule {
    const drawn = this.#campaign.draw(seed);
    // How far a large schedule comes may depend on the machine: nothing is learnt from it.
    const coverage = isLarge(seed, this.#options) ? null : new CoverageObserver(drawn.peers);
    return { drawn, coverage };
  }
}
