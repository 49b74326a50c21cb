import { expect, test } from '@jest/globals';
import { readReports } from '../../../control/comparison/read-reports.ts';
import { paths } from '../../../control/documents.ts';
import { ORDERINGS } from '../../../core/orderings/registry.ts';
import { planOf } from '../../../bench/virtual-group/plan-of.ts';
import { report } from '../../support/control-fixtures.ts';

test('reports are in the order of the plan, whatever their store lists them by', () => {
  const plan = planOf({
    entry: ORDERINGS.get('fifo')!,
    peers: 12,
    messages: 1,
    seed: 1,
    intervalMs: { min: 10, max: 99 },
    payloadBytes: 0,
    deadlineMs: 10_000,
  });
  const peerIds = plan.members.map(({ peerId }) => peerId);
  const documents = peerIds
    .map((peerId, member) => ({
      path: paths.report(plan.runId, peerId),
      fields: { ...report(plan, member) },
      bytes: new Uint8Array(0),
      createdAtUs: 1,
    }))
    .toSorted((one, other) => (one.path < other.path ? -1 : 1));
  expect(documents[2]!.path).toMatch(/peer-10$/);
  expect([...readReports(plan, documents).accepted.keys()]).toEqual(peerIds);
});
