import { mayBeGrantedLater } from '../../gcp/retry.ts';
import { type Clock, sleep } from '../clock.ts';

/** This is as long as an instance group waits before it judges a new machine (initialDelaySec in infra/peers.ts). */
const PATIENCE_MS_MAX = 1_200_000;
const PAUSE_MS_MIN = 1_000;
const PAUSE_MS_MAX = 15_000;

/**
 * The result of a daemon's first call of a port, which is tried again for up to 20 minutes while that may help. A
 * peer that is added to a laboratory is there before its rights are: Google makes a role known within two minutes typically,
 * and seven or more at times. A daemon that ended meanwhile would be started again only a few times
 * (StartLimitBurst in infra/peer-startup.sh), and then its machine would be idle until it is replaced.
 */
export async function patiently<Result>(
  attempt: () => Promise<Result>,
  clock: Clock,
  onFailure: (error: unknown) => void,
): Promise<Result> {
  const untilUs = clock.monotonicUs() + PATIENCE_MS_MAX * 1_000;
  for (let pauseMs = PAUSE_MS_MIN; ; pauseMs = Math.min(2 * pauseMs, PAUSE_MS_MAX)) {
    try {
      return await attempt();
    } catch (error) {
      if (!mayBeGrantedLater(error) || clock.monotonicUs() >= untilUs) throw error;
      onFailure(error);
    }
    await sleep(clock, pauseMs);
  }
}
