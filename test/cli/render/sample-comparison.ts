import {
  comparisonSchema,
  type Comparison,
  type VerdictDocument,
} from '../../../control/comparison-document.ts';

const HELD: VerdictDocument = { held: true };
const LATENCY = { p50: 0.2, p90: 0.4, p99: 0.9, max: 1.5 };

function peer(index: number, missing: number): Comparison['perPeer'][number] {
  return {
    peer: index,
    peerId: `peer-${index}`,
    zone: ['northamerica-northeast1-a', 'southamerica-east1-b', 'us-west1-b'][index]!,
    standing: 'reported',
    outcome: missing === 0 ? 'complete' : 'settled',
    reason: null,
    multicasts: 10,
    delivered: 30 - missing,
    missing,
    duplicates: 0,
    invented: 0,
    altered: 0,
    datagrams: { sent: 24, received: 21 },
    bytes: { sent: 1_200, received: 1_100 },
    messagesSent: { data: 20, control: 0 },
    dropped: {},
    emulatedLosses: missing,
    ownLatencyMs: LATENCY,
    heldMs: LATENCY,
    heldMax: 0,
    deliveredAfterLastArrival: 0,
    roundTripMs: {},
    durationMs: 600,
  };
}

/** A run of 3 peers x 10 messages in which peer-2 lost one message and total order broke. */
export function sampleComparison(changes: Partial<Comparison> = {}): Comparison {
  return comparisonSchema.parse({
    schemaVersion: 1,
    runId: '20260131-235959-0a1b2c3d',
    createdAtMs: 1_769_903_999_000,
    ordering: 'unordered',
    backend: 'embedded',
    network: 'emulated',
    seed: 7,
    peers: 3,
    messages: 10,
    messagesKnown: true,
    rounds: 30,
    unorderedRounds: 24,
    missingRounds: 1,
    conflictingRounds: 23,
    publishedCount: 7,
    publishedCountLeavesOut: 2,
    publishedCountNote: null,
    firstDivergence: {
      position: 2,
      deliveries: [
        { peer: 0, message: { sender: 0, sequence: 1 } },
        { peer: 1, message: { sender: 2, sequence: 0 } },
        { peer: 2, message: null },
      ],
    },
    guarantees: {
      integrity: HELD,
      validity: HELD,
      agreement: {
        held: false,
        counterexample: {
          text: 'peer 0 delivered message 4 of peer 1, peer 2 never.',
          observations: [],
        },
      },
      uniformAgreement: {
        held: false,
        counterexample: { text: 'the uniform sentence', observations: [] },
      },
      fifo: HELD,
      causal: { held: null, reason: 'peer-2 left no report, so nobody knows when it multicast' },
      total: {
        held: false,
        counterexample: { text: 'peers 0 and 1 disagree on two messages.', observations: [] },
      },
      uniformTotal: { held: false },
      gapFree: { held: false },
    },
    declared: ['integrity', 'validity'],
    perPeer: [peer(0, 0), peer(1, 0), peer(2, 1)],
    kendallTau: {
      mean: 0.1,
      max: 0.2,
      pairs: [
        { first: 0, second: 1, common: 30, discordant: 43, normalized: 43 / 435, commonPrefix: 2 },
        { first: 0, second: 2, common: 29, discordant: 80, normalized: 80 / 406, commonPrefix: 2 },
        { first: 1, second: 2, common: 29, discordant: 20, normalized: 20 / 406, commonPrefix: 2 },
      ],
    },
    cost: { datagramsPerMulticast: 2.4, bytesPerMulticast: 120, controlMessagesPerMulticast: 0 },
    findings: ['1 message never reached peer-2.'],
    ...changes,
  });
}
