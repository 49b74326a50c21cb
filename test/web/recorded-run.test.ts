import { describe, expect, test } from '@jest/globals';
import { columnsOfLog } from '../../cli/dashboard/run-documents.ts';
import type { RecordingDocument } from '../../control/api/dashboard-documents.ts';
import { readEvents } from '../../control/comparison/read-events.ts';
import { paths } from '../../control/documents.ts';
import { EventType } from '../../core/records/event-log.ts';
import { ORDERINGS, type OrderingEntry } from '../../core/orderings/registry.ts';
import { viewGame } from '../../simulation/play/game-view.ts';
import { openRecordedRun } from '../../web/board/recorded-run.ts';
import { RunGroup } from '../../bench/virtual-group/run-group.ts';

const PEERS = 3;

/** A run of real members in virtual time with losses, as the dashboard hands it to the page. */
async function recorded(entry: OrderingEntry): Promise<RecordingDocument> {
  const network = { loss: 0.1 };
  const group = new RunGroup({ entry, peers: PEERS, messages: 8, seed: 11, network });
  Object.assign(group.plan, { record: true });
  await group.run();
  const { plan } = group;
  const { logs } = readEvents(plan, await group.store.list(paths.events(plan.runId)));
  const { messages, payloadBytes, seed } = plan;
  const setup = { ordering: entry.name, peers: PEERS, messages, payloadBytes, seed };
  return { clocks: 'own', notes: [], setup, logs: logs.map(columnsOfLog) };
}

describe('a recorded run on the board', () => {
  test.each([...ORDERINGS.values()])('is whole under $name', async (entry) => {
    const recording = await recorded(entry);
    const { choices, departs, setup } = openRecordedRun('run-1', recording);
    expect(departs).toBeNull();
    const view = viewGame(entry, setup, choices);
    expect(view.problem).toBe('');
    for (const [member, { log }] of view.members.entries()) {
      const { types, senders, sequences } = recording.logs[member]!;
      const delivered = [...types.keys()].filter((place) => types[place] === EventType.deliver);
      expect(log).toEqual(
        delivered.map((place) => ({ sender: senders[place], sequence: sequences[place] })),
      );
    }
  });

  test('is refused with the reason where there is none', async () => {
    const recording = await recorded(ORDERINGS.get('unordered')!);
    expect(() => openRecordedRun('run-1', { ...recording, clocks: 'none' })).toThrow(
      'run run-1 was not recorded: only a recorded run opens on the board',
    );
    const setup = { ...recording.setup!, ordering: 'mine' };
    expect(() => openRecordedRun('run-1', { ...recording, setup })).toThrow(/no ordering mine/);
  });
});
