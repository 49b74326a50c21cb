import type { RunPlan } from '../../control/command.ts';
import type { Subscription } from '../../control/ports.ts';
import type { Logger } from '../log.ts';
import type { Lookout } from './lookout.ts';
import { SubscriptionWatchdog } from './subscription-watchdog.ts';

export interface KeeperOptions {
  readonly subscription: Pick<Subscription, 'reopen'>;
  readonly lookout: Pick<Lookout, 'look'>;
  readonly periodMs: number;
  readonly silenceMs: number;
  /** Whether the command of this run came. */
  readonly knows: (runId: string) => boolean;
  /** Is called with the plan of a run whose command did not come. */
  readonly onMissed: (plan: RunPlan) => void;
  /** The time of day, and a clock that never goes back, both in milliseconds. */
  readonly wallMs: () => number;
  readonly clockMs: () => number;
  readonly log: Logger;
}

/** Checks, at every heartbeat, that this peer hears of what it should hear of. */
export class SubscriptionKeeper {
  readonly #options: KeeperOptions;
  readonly #watchdog: SubscriptionWatchdog;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#watchdog = new SubscriptionWatchdog(options.clockMs(), options.silenceMs);
  }

  start(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      void this.check().then(() => this.start());
    }, this.#options.periodMs);
  }

  /** Stops without waiting for a check under way: a store that is gone would hold up the daemon's end. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Notes that the subscription delivered something. */
  heard(): void {
    this.#watchdog.heard(this.#options.clockMs());
  }

  /** Makes one check; never rejects. */
  async check(): Promise<void> {
    await this.#lookOut();
    if (this.#stopped) return;
    const { subscription, clockMs, log } = this.#options;
    const reason = this.#watchdog.reasonToRebuild(clockMs());
    if (reason === null) return;
    log.warn({ reason }, 'the subscription is rebuilt');
    try {
      await subscription.reopen();
      log.info('the subscription was rebuilt');
    } catch (error) {
      log.warn({ err: error }, 'the subscription could not be rebuilt, and will be later');
    }
    this.#watchdog.rebuilt(clockMs());
  }

  async #lookOut(): Promise<void> {
    const { lookout, wallMs, knows, onMissed, log } = this.#options;
    try {
      const plan = await lookout.look(wallMs(), knows);
      if (plan === null || this.#stopped) return;
      log.warn({ runId: plan.runId }, 'the command of a run did not come; the store told of it');
      this.#watchdog.missed();
      onMissed(plan);
    } catch (error) {
      log.warn({ err: error }, 'the active run could not be looked up');
    }
  }
}
