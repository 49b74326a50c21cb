import type { Fates } from './fates.ts';

/**
 * What carries the packets of a chosen run. `datagrams` arrive in any order, and may be lost or repeated. Over
 * `reliable` channels each arrives once, and in the order in which it was sent; the channel of a member that
 * crashed is closed at some time, and what was under way on it then is lost.
 */
export type ChosenChannels = 'datagrams' | 'reliable';

export interface ChosenRunOptions {
  /** Default: `datagrams`. */
  readonly channels?: ChosenChannels;
  /** Default: none. */
  readonly fates?: Fates;
}
