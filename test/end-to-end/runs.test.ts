import { describe, expect, test } from '@jest/globals';
import { paths } from '../../control/documents.ts';
import { decodeChunk } from '../../core/records/sequence-codec.ts';
import { DeliveredSequence } from '../../core/records/delivered-sequence.ts';
import { BRISK, useLaboratory, type RealLaboratory } from '../support/real-laboratory.ts';

/** What a peer's chunks say, read independently of the comparison. */
async function deliveredBy(lab: RealLaboratory, runId: string, peerId: string): Promise<string[]> {
  const sequence = new DeliveredSequence();
  for (const { fields, bytes } of await lab.store.list(paths.chunks(runId))) {
    if (fields['peerId'] !== peerId) continue;
    decodeChunk(bytes, sequence, { deliveries: 100_000, multicasts: 100_000 });
  }
  return [...sequence.senders].map((sender, index) => `${sender}.${sequence.sequences[index]}`);
}

describe('runs over a network without loss', () => {
  const lab = useLaboratory({});

  test('unordered: nearly every round differs, nothing is lost, and the chunks say the same', async () => {
    const comparison = await lab.run({ peers: 4, messages: 50, ...BRISK });
    expect(comparison).toMatchObject({
      rounds: 200,
      missingRounds: 0,
      network: 'emulated',
      backend: 'embedded',
      ordering: 'unordered',
    });
    expect(comparison.unorderedRounds).toBeGreaterThan(150);
    expect(comparison.guarantees.total.held).toBe(false);
    expect(comparison.guarantees.integrity.held).toBe(true);
    expect(comparison.guarantees.agreement.held).toBe(true);
    for (const peer of comparison.perPeer) {
      expect(peer).toMatchObject({ standing: 'reported', outcome: 'complete', missing: 0 });
      expect(peer.dropped).toEqual({});
    }
    const logs = await Promise.all(
      comparison.perPeer.map(({ peerId }) => deliveredBy(lab, comparison.runId!, peerId)),
    );
    const differing = logs[0]!.filter((_, at) => new Set(logs.map((log) => log[at])).size > 1);
    expect(comparison.unorderedRounds).toBe(differing.length);
    const position = comparison.firstDivergence!.position;
    expect(
      comparison.firstDivergence!.deliveries.map(
        ({ message }) => `${message!.sender}.${message!.sequence}`,
      ),
    ).toEqual(logs.map((log) => log[position]));
  });

  test('fifo: each sender’s messages in order everywhere', async () => {
    const comparison = await lab.run({ peers: 4, messages: 50, ordering: 'fifo', ...BRISK });
    expect(comparison.guarantees.fifo.held).toBe(true);
    expect(comparison.guarantees.agreement.held).toBe(true);
    expect(comparison.cost!.controlMessagesPerMulticast).toBeGreaterThan(0);
  });

  test('the seed that was asked for is the run’s, and is told', async () => {
    const comparison = await lab.run({ peers: 2, messages: 5, seed: 7, ...BRISK });
    expect(comparison.seed).toBe(7);
  });

  test('a payload travels, and two peers judge causal order from what was noted', async () => {
    const comparison = await lab.run({ peers: 2, messages: 30, payloadBytes: 500, ...BRISK });
    expect(comparison.cost!.bytesPerMulticast).toBeGreaterThan(500);
    expect(comparison.guarantees.causal.held).not.toBeNull();
    expect(comparison.publishedCount).toBe(0);
    expect(comparison.publishedCountNote).toContain('two peers');
  });

  test('more peers than live: refused with how many there are, and where', async () => {
    const response = await lab.post('/run', { peers: 5, messages: 10 });
    expect(response.status).toBe(409);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    const problem = (await response.json()) as { detail: string };
    expect(problem.detail).toContain('4');
    expect(JSON.stringify(problem)).toContain('southamerica-east1-b');
  });

  test('a second run meanwhile: refused with which is active and until when', async () => {
    const plan = await lab.begin({ peers: 4, messages: 20, ...BRISK });
    const response = await lab.post('/run', { peers: 2, messages: 10 });
    expect(response.status).toBe(409);
    expect(JSON.stringify(await response.json())).toContain(plan.runId);
    await lab.comparison(plan.runId);
  });

  test('an Idempotency-Key makes a retry the same run', async () => {
    const [key, body] = [{ 'idempotency-key': 'once' }, { peers: 2, messages: 5, ...BRISK }];
    const answers = [await lab.post('/run', body, key), await lab.post('/run', body, key)];
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    const [one, other] = (await Promise.all(answers.map((answer) => answer.json()))) as {
      runId: string;
    }[];
    expect(other!.runId).toBe(one!.runId);
    const comparison = await lab.comparison(one!.runId);
    expect(comparison.perPeer.map(({ delivered }) => delivered)).toEqual([10, 10]);
  });
});

describe('runs over a network that loses 20 % of all datagrams', () => {
  const lab = useLaboratory({ loss: 0.2 });

  test('fifo: nothing is lost or reordered', async () => {
    const comparison = await lab.run({ peers: 4, messages: 40, ordering: 'fifo', ...BRISK });
    expect(comparison.perPeer.map(({ missing }) => missing)).toEqual([0, 0, 0, 0]);
    expect(comparison.guarantees.fifo.held).toBe(true);
    expect(comparison.guarantees.agreement.held).toBe(true);
    const losses = comparison.perPeer.reduce((sum, peer) => sum + peer.emulatedLosses!, 0);
    expect(losses).toBeGreaterThan(50);
  });

  test('unordered: what was lost is counted exactly, and is no disorder of what arrived', async () => {
    const comparison = await lab.run({ peers: 4, messages: 60, ...BRISK });
    let missing = 0;
    for (const [self, peer] of comparison.perPeer.entries()) {
      const delivered = await deliveredBy(lab, comparison.runId!, peer.peerId);
      expect(new Set(delivered).size).toBe(delivered.length);
      expect(delivered.filter((id) => id.startsWith(`${self}.`)).length).toBe(60);
      expect(peer.missing).toBe(240 - delivered.length);
      expect(peer).toMatchObject({ standing: 'reported', duplicates: 0, invented: 0 });
      missing += peer.missing;
    }
    // 720 transmissions, of which 20 % were lost: 144, standard deviation 11.
    expect(missing).toBeGreaterThan(90);
    expect(missing).toBeLessThan(200);
    expect(comparison.guarantees.integrity.held).toBe(true);
    expect(comparison.guarantees.agreement.held).toBe(false);
    expect(comparison.missingRounds).toBeGreaterThan(0);
    expect(comparison.findings.join('\n')).toMatch(/lost|never delivered|missing/);
  });
});
