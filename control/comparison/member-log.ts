import type { GuaranteeName } from '../../core/guarantees.ts';
import type { RunFacts } from '../../core/judge/comparison.ts';
import type { DeliveredSequence } from '../../core/records/delivered-sequence.ts';
import type { PeerResult } from '../comparison-document.ts';
import type { Network, Report } from '../documents.ts';
import type { Workload } from '../workload.ts';

/** What is known of one member of a run. */
export interface MemberLog {
  readonly peerId: string;
  /**
   * What logs from files call the peer, while `peerId` is the name of its file; `null` where they do
   * not tell. Absent in a run of the laboratory, whose members are called by their numbers.
   */
  readonly called?: string | null;
  readonly zone: string | null;
  readonly standing: PeerResult['standing'];
  /** Why it was rejected or is silent, or what its report says; `null` when there is nothing to say. */
  readonly reason: string | null;
  readonly report: Report | null;
  /** What it delivered; empty when nothing is known. */
  readonly sequence: DeliveredSequence;
  /** How many messages it multicast; `null` when unknown, as after a crash (then up to `messages`). */
  readonly multicasts: number | null;
  /** How many messages it is presumed to have multicast where that is unknown; by default `messages`. */
  readonly multicastsPresumed?: number;
  /** Whether `sequence.deliveredBefore` tells when it multicast: without that no causal order is judged. */
  readonly multicastsNoted: boolean;
  /**
   * Whether `sequence.contents` tells of all contents that differ from what was multicast; by default
   * not.
   */
  readonly contentsNoted?: boolean;
  /** The first position with a message that was multicast only later, if somebody noticed. */
  readonly firstPremature?: number | null;
  /** When its report was created, to find which one the published count leaves out; `null` without one. */
  readonly reportedAtUs: number | null;
}

export interface ComparisonInput {
  readonly runId: string | null;
  readonly createdAtMs: number;
  readonly ordering: string | null;
  /** The guarantees that the ordering declares. */
  readonly declared: readonly GuaranteeName[];
  /** The losses of members that leave these promises intact; absent: none excuses anything. */
  readonly survives?: 'none' | 'minority' | undefined;
  readonly backend: string;
  readonly network: Network;
  readonly seed: number | null;
  /** How many messages each peer was to multicast. */
  readonly messages: number;
  readonly messagesKnown: boolean;
  readonly members: readonly MemberLog[];
  /** What else is known of a run of which there are only logs. */
  readonly facts?: RunFacts;
  /** What the messages carried; nothing when it is not given. A bank is replayed from the seed. */
  readonly workload?: Workload | undefined;
  /** How many bytes the messages carried, or the most; `null` or absent where that is not known. */
  readonly payloadBytes?: number | null;
}
