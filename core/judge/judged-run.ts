import type { DeliveredSequence } from '../records/delivered-sequence.ts';

/** What is known of one peer of a run. */
export interface PeerLog {
  readonly sequence: DeliveredSequence;
  /** How many messages it multicast; `null` where that is unknown. */
  readonly multicasts: number | null;
  /**
   * How many messages it is presumed to have multicast where `multicasts` is `null`; by default,
   * all that it was to multicast.
   */
  readonly multicastsPresumed?: number;
  /** Whether `sequence.deliveredBefore` tells when it multicast. */
  readonly multicastsNoted: boolean;
  /**
   * Whether it took part to the end. In the sense of the literature, correct means that it never
   * crashed.
   */
  readonly correct: boolean;
  /**
   * Whether `sequence.contents` tells of each delivery whose content was not the one that the run
   * prescribes; otherwise, or where this is absent, its contents are not known.
   */
  readonly contentsNoted?: boolean;
  /**
   * The first position at which it delivered a message before that was multicast, where somebody
   * noticed who sees both events, as a simulator does; otherwise `null` or absent. The logs may
   * show more.
   */
  readonly firstPremature?: number | null;
  /** A number that is greater the later its report was created; `null` without a report. */
  readonly reportPlace: number | null;
}

/** What is known of a run besides the logs of its peers. */
export interface RunFacts {
  /** How many messages each sender without a log multicast; these senders are numbered after the peers. */
  readonly others?: readonly number[];
  /** How many messages are known to exist in all; by default N x M. */
  readonly rounds?: number;
  /** What sentences call peers and messages; `null` or absent: by their numbers here. */
  readonly names?: Names | null;
}

/** What sentences call peers and messages. */
export interface Names {
  peer(peer: number): string;
  message(sender: number, sequence: number): string;
}
