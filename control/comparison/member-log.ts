import type { GuaranteeName } from '../../core/guarantees.ts';
import type { DeliveredSequence } from '../../core/records/delivered-sequence.ts';
import type { PeerResult } from '../comparison-document.ts';
import type { Network, Report } from '../documents.ts';
import type { Workload } from '../workload.ts';

/** What is known of one member of a run. */
export interface MemberLog {
  readonly peerId: string;
  readonly zone: string | null;
  readonly standing: PeerResult['standing'];
  /** Why it was rejected or is silent, or what its report says; `null` when there is nothing to say. */
  readonly reason: string | null;
  readonly report: Report | null;
  /** What it delivered; empty when nothing is known. */
  readonly sequence: DeliveredSequence;
  /** How many it multicast; `null` when unknown, as after a crash (then up to `messages`). */
  readonly multicasts: number | null;
  /** Whether `sequence.deliveredBefore` tells when it multicast: without that no causal order is judged. */
  readonly multicastsNoted: boolean;
  /** When its report was created, to find which one the published count leaves out; `null` without one. */
  readonly reportedAtUs: number | null;
}

export interface ComparisonInput {
  readonly runId: string | null;
  readonly createdAtMs: number;
  readonly ordering: string | null;
  /** Guarantees that the ordering declares. */
  readonly declared: readonly GuaranteeName[];
  readonly backend: string;
  readonly network: Network;
  readonly seed: number | null;
  /** Messages that each peer was to multicast. */
  readonly messages: number;
  readonly messagesKnown: boolean;
  readonly members: readonly MemberLog[];
  /** What the messages carried; nothing when it is not given. A bank is replayed from the seed. */
  readonly workload?: Workload | undefined;
}
