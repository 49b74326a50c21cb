import type { Scenario } from '../scenario.ts';
import type { SimulationResult } from '../simulate.ts';
import type { Finding } from './finding.ts';

/**
 * Liveness once faults stop: every member that lives delivers whatever a member that lives multicast.
 * This is asked of every ordering that sends lost messages again, whatever it declares; nobody expects
 * the others to deliver what the network lost. The first counterexample is the undelivered message with
 * the smallest sequence number, then sender, then peer.
 */
export function judgeLiveness(scenario: Scenario, result: SimulationResult): Finding[] {
  if (result.allDelivered) return [];
  const live = [...result.members.keys()].filter((member) => !result.members[member]!.crashed);
  const delivered = result.members.map(({ sequence }) => deliveredSet(sequence));
  for (let sequence = 0; sequence < scenario.messages; sequence += 1) {
    for (const sender of live) {
      if (result.members[sender]!.sequence.multicasts <= sequence) continue;
      const lacking = live.filter((peer) => !delivered[peer]!.has(keyOf(sender, sequence)));
      if (lacking.length > 0) return [describe(result, sender, sequence, lacking, live)];
    }
  }
  return [];
}

function keyOf(sender: number, sequence: number): number {
  return sender * 2 ** 32 + sequence;
}

function deliveredSet({
  senders,
  sequences,
}: SimulationResult['members'][number]['sequence']): Set<number> {
  const messages = new Set<number>();
  for (let i = 0; i < senders.length; i += 1) messages.add(keyOf(senders[i]!, sequences[i]!));
  return messages;
}

function describe(
  result: SimulationResult,
  sender: number,
  sequence: number,
  lacking: readonly number[],
  live: readonly number[],
): Finding {
  const lack =
    lacking.length === live.length
      ? 'no member that lives had delivered it'
      : `peer ${lacking.join(' and peer ')} had not delivered it`;
  const end =
    result.reason === 'quiet'
      ? 'nothing was left to happen'
      : `the run ended after ${(result.endedAtUs / 1e6).toFixed(1)} s`;
  const text = `peer ${sender} lives and multicast (${sender}, ${sequence}); when ${end}, ${lack}`;
  const observations = lacking.map((peer) => ({ peer, sender, sequence, position: null }));
  return { name: 'liveness', text, observations };
}
