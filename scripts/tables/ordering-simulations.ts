import { Kind } from '../../core/message.ts';
import { ORDERINGS, type OrderingEntry } from '../../core/orderings/registry.ts';
import { assert } from '../../core/base/assert.ts';
import { calmNetwork, type Delay } from '../../simulation/scenario.ts';
import { simulate } from '../../simulation/simulate.ts';

/** What isolated multicasts cost: no other is under way, nothing is lost, no time is spent computing. */
export interface Measured {
  /**
   * How many messages a multicast takes, without the link's acknowledgements, heartbeats and what is sent
   * while nobody multicasts.
   */
  readonly messagesPerMulticast: number;
  /** The latency from the multicast to the delivery, over all pairs of sender and receiver. */
  readonly latencyMsMean: number;
  readonly latencyMsMax: number;
  /** The median latency of a message at its own sender. */
  readonly ownMsMedian: number;
  readonly ownMsMax: number;
}

/** The time between two multicasts: members multicast one message each, one member after another. */
const APART_US = 20_000_000;
/**
 * The kinds that are not counted: those of the layers below the orderings, and those sent while nobody
 * multicasts.
 */
const NOT_COUNTED: readonly number[] = [
  Kind.linkAck,
  Kind.heartbeat,
  ...[...ORDERINGS.values()].flatMap(({ ownMessages }) => ownMessages?.idle ?? []),
];

/** Measures an ordering among `size` members over paths of `delay`. */
export function isolatedMulticasts(entry: OrderingEntry, size: number, delay: Delay): Measured {
  const multicastAt = new Map<string, number>();
  const [latencies, own]: [number[], number[]] = [[], []];
  let messages = 0;
  const result = simulate(
    entry.create,
    {
      peers: size,
      messages: 1,
      payloadBytes: 0,
      intervalUs: { min: 1_000, max: 999_000 },
      seed: 7,
      network: calmNetwork(delay),
      faults: Array.from({ length: size }, (_, member) => ({
        kind: 'lateStart',
        member,
        atUs: member * APART_US,
      })),
      endUs: (size + 1) * APART_US,
    },
    {
      multicast: (atUs, member, { sequence }) => multicastAt.set(`${member}.${sequence}`, atUs),
      send: (_atUs, _from, _to, { kind }) => {
        if (!NOT_COUNTED.includes(kind)) messages += 1;
      },
      deliver: (atUs, member, { sender, sequence }) => {
        const latencyMs = (atUs - multicastAt.get(`${sender}.${sequence}`)!) / 1_000;
        latencies.push(latencyMs);
        if (member === sender) own.push(latencyMs);
      },
    },
  );
  assert(result.allDelivered, `${entry.name} delivers everything without faults`);
  return {
    messagesPerMulticast: messages / size,
    latencyMsMean: latencies.reduce((sum, latency) => sum + latency, 0) / latencies.length,
    latencyMsMax: Math.max(...latencies),
    ownMsMedian: own.sort((a, b) => a - b)[own.length >> 1]!,
    ownMsMax: Math.max(...own),
  };
}
