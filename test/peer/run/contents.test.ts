import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ORDERINGS, type OrderingEntry } from '../../../core/orderings/registry.ts';
import { Kind, Message } from '../../../core/message.ts';
import type { Create } from '../../../core/ordering.ts';
import { loadOrdering } from '../../../custom/load-ordering.ts';
import { type GroupScenario, RunGroup } from '../../../bench/virtual-group/run-group.ts';

const MIXED = { peers: 3, messages: 12, seed: 7, workload: 'mixed', payloadBytes: 300 } as const;

function fromGallery(name: string): Promise<OrderingEntry> {
  return loadOrdering(join(import.meta.dirname, '..', '..', 'gallery', `${name}.ts`));
}

async function compared(entry: OrderingEntry, changes: Partial<GroupScenario> = {}) {
  const group = await new RunGroup({ entry, ...MIXED, ...changes }).run();
  return group.comparison!;
}

const alteredIn = ({ perPeer }: Awaited<ReturnType<typeof compared>>) =>
  perPeer.map(({ altered }) => altered);

describe('what the members of a run deliver', () => {
  test.each([...ORDERINGS.keys()])('%s: is what was multicast, and is judged', async (name) => {
    const comparison = await compared(ORDERINGS.get(name)!);
    expect([comparison.contentsJudged, comparison.guarantees.integrity.held]).toEqual([true, true]);
    expect(alteredIn(comparison)).toEqual([0, 0, 0]);
  });

  test('with lost contents is told by message and by both contents', async () => {
    const comparison = await compared(await fromGallery('payload-lost'));
    const { counterexample } = comparison.guarantees.integrity;
    expect(counterexample?.text).toMatch(
      /^peer \d delivered \([12], \d+\) at position \d+ with no bytes; peer [12] multicast it with \d+ bytes? [0-9a-f]+(\.\.\.)? \(hash [0-9a-f]{16}\)$/,
    );
    const [altered, ...same] = new Set(alteredIn(comparison));
    expect([altered! > 0, same]).toEqual([true, []]);
    expect(comparison.findings.join()).toContain(
      `delivered ${altered} messages with another content`,
    );
  });

  test.each(['payload-swapped', 'payload-buffer-shared', 'payload-written-to'])(
    'by %s breaks integrity',
    async (name) => {
      // Multicasts follow each other so fast that contents wait for each other.
      const quick = { intervalMs: { min: 0, max: 1 } };
      const { guarantees } = await compared(await fromGallery(name), quick);
      expect(guarantees.integrity.counterexample?.text).toMatch(
        / with (no bytes|\d+ bytes? .*); peer \d multicast it with /,
      );
    },
  );

  test('is known of a member that crashed as well, as far as it uploaded', async () => {
    const faults = [{ kind: 'crash', member: 2, atUs: 1_000_000 } as const];
    const entry = await fromGallery('payload-lost');
    const { perPeer, contentsJudged } = await compared(entry, { faults, messages: 40 });
    expect([perPeer[2]!.standing, contentsJudged]).toEqual(['crashed', true]);
    expect(perPeer[2]!.altered).toBeGreaterThan(0);
  });

  test('carries nothing where the run has no payloads, and something is another content', async () => {
    const adding: Create = (group, out) => ({
      ...ORDERINGS.get('unordered')!.create(group, out),
      deadline: Infinity,
      held: 0,
      advance: () => undefined,
      receive: (_now, _from, message) => out.deliver(message),
      multicast: (_now, message) => {
        out.multicast(message);
        const isOdd = group.self === 1 && message.sequence === 3;
        out.deliver(isOdd ? new Message(Kind.data, 1, 3, Uint8Array.of(1, 2)) : message);
      },
    });
    const entry = { ...ORDERINGS.get('unordered')!, create: adding };
    const none = { workload: 'none', payloadBytes: 0 } as const;
    const comparison = await compared(entry, none);
    expect(alteredIn(comparison)).toEqual([0, 1, 0]);
    expect(comparison.guarantees.integrity.counterexample?.text).toMatch(
      /with 2 bytes 0102 \(hash [0-9a-f]{16}\); peer 1 multicast it with no bytes$/,
    );
  });
});

test('what a member delivers of its own before it multicasts it breaks integrity', async () => {
  const entry = await fromGallery('delivers-before-multicast');
  const { guarantees } = await compared(entry, { workload: 'none', payloadBytes: 0 });
  expect(guarantees.integrity.counterexample?.text).toMatch(
    /^peer (\d) delivered \(\1, 1\) at position \d+, before it multicast it$/,
  );
});
