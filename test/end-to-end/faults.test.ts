import { describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { paths } from '../../control/documents.ts';
import { eventually } from '../support/eventually.ts';
import { BRISK, useLaboratory } from '../support/real-laboratory.ts';

describe('a peer that is killed', () => {
  const lab = useLaboratory({ peers: 3 });

  test('midway: the others end in time, and what it had uploaded is compared', async () => {
    const plan = await lab.begin({
      peers: 3,
      messages: 200,
      intervalMs: { min: 5, max: 25 },
      deadlineMs: 25_000,
    });
    await lab.uploaded(plan.runId, 'peer-1');
    await sleep(600);
    lab.signal('peer-1', 'SIGKILL');
    const comparison = await lab.comparison(plan.runId);
    const killed = comparison.perPeer[1]!;
    expect(killed.standing).toBe('crashed');
    expect(killed.delivered).toBeGreaterThan(20);
    expect(comparison.perPeer.map(({ standing }) => standing)).toEqual([
      'reported',
      'crashed',
      'reported',
    ]);
    expect(comparison.findings.join('\n')).toContain('peer-1');
    for (const { fields } of await lab.store.list(paths.reports(plan.runId))) {
      expect(fields).toMatchObject({ outcome: 'settled', missing: ['peer-1'] });
    }
    expect(comparison.createdAtMs).toBeLessThan(plan.deadlineMs);
    expect(comparison.guarantees.integrity.held).toBe(true);
  });

  test('its successor is another incarnation, and takes part in the next run', async () => {
    await eventually('a new daemon has registered as peer-1', async () => {
      const entry = await lab.store.read(paths.peer('peer-1'));
      return (
        Number(entry?.fields['heartbeatAtMs']) > Date.now() - 3_000 &&
        lab.logOf('peer-1').split('"ready"').length > 2
      );
    });
    const comparison = await lab.run({ peers: 3, messages: 10, ...BRISK });
    expect(comparison.perPeer.map(({ delivered }) => delivered)).toEqual([30, 30, 30]);
  });
});

describe('a peer that is paused for the whole run', () => {
  const lab = useLaboratory({ peers: 3 });

  test('the handshake names it, nobody waits for the deadline, and the next run works', async () => {
    lab.signal('peer-2', 'SIGSTOP');
    const plan = await lab.begin({ peers: 3, messages: 10, ...BRISK, deadlineMs: 40_000 });
    const comparison = await lab.comparison(plan.runId);
    lab.signal('peer-2', 'SIGCONT');
    expect(comparison.createdAtMs).toBeLessThan(plan.deadlineMs);
    expect(comparison).toMatchObject({ rounds: 30, unorderedRounds: 30, missingRounds: 30 });
    expect(comparison.perPeer.map(({ standing, outcome }) => [standing, outcome])).toEqual([
      ['reported', 'handshake'],
      ['reported', 'handshake'],
      ['silent', null],
    ]);
    expect(comparison.findings.join('\n')).toContain('peer-2');
    // It wakes up to a command that has expired, and is itself again.
    await eventually('peer-2 has ignored the old command', () =>
      lab.logOf('peer-2').includes('expired'),
    );
    const next = await lab.run({ peers: 3, messages: 10, ...BRISK });
    expect(next.perPeer.map(({ delivered }) => delivered)).toEqual([30, 30, 30]);
  });
});

describe('a control plane that repeats itself and dies', () => {
  const lab = useLaboratory({ peers: 3 });

  test('the same command twice, during the run and after it, changes nothing', async () => {
    const plan = await lab.begin({ peers: 3, messages: 30, ...BRISK });
    const { bus } = lab.laboratory.backend;
    await bus.publish({ command: 'run', plan });
    const comparison = await lab.comparison(plan.runId);
    await bus.publish({ command: 'run', plan });
    await eventually('every peer ignored it twice', () =>
      lab.laboratory.peerIds.every((id) => lab.logOf(id).split('a second time').length === 3),
    );
    expect(comparison.perPeer.map(({ delivered }) => delivered)).toEqual([90, 90, 90]);
    expect(comparison.guarantees.integrity.held).toBe(true);
    expect((await lab.store.list(paths.reports(plan.runId))).length).toBe(3);
  });

  test('an event delivered three times leaves one comparison, unchanged', async () => {
    const comparison = await lab.run({ peers: 3, messages: 10, ...BRISK });
    const subject = `documents/${paths.report(comparison.runId!, 'peer-0')}`;
    const event = {
      'content-type': 'application/json',
      'ce-specversion': '1.0',
      'ce-type': 'google.cloud.firestore.document.v1.created',
      'ce-source': '//firestore.googleapis.com/projects/p/databases/(default)',
      'ce-subject': subject,
    };
    for (const id of ['a', 'b', 'b']) {
      const response = await lab.post('/compare', {}, { ...event, 'ce-id': id });
      expect(response.status).toBeLessThan(300);
    }
    const again = await lab.comparison(comparison.runId!);
    expect(again).toEqual(comparison);
  });

  test('the functions killed before the comparison: they come back, and it is made', async () => {
    const plan = await lab.begin({ peers: 3, messages: 40, ...BRISK });
    await eventually('a first report', async () => {
      lab.signal('functions', 'SIGSTOP');
      return (await lab.store.list(paths.reports(plan.runId))).length > 0;
    });
    lab.signal('functions', 'SIGKILL');
    const comparison = await lab.comparison(plan.runId);
    expect(comparison.perPeer.map(({ standing }) => standing)).toEqual(Array(3).fill('reported'));
    expect(lab.notes.join('\n')).toContain('functions');
  });

  test('garbage on the bus and on the socket is ignored', async () => {
    const { bus } = lab.laboratory.backend;
    await bus.publish({ command: 'nonsense' } as never);
    const comparison = await lab.run({ peers: 3, messages: 10, ...BRISK });
    expect(comparison.perPeer.map(({ delivered }) => delivered)).toEqual([30, 30, 30]);
  });
});

describe('leaving', () => {
  const lab = useLaboratory({ peers: 2, restartPeers: false });

  test('SIGTERM in a run: it is abandoned, said so, uploaded, and the process ends well', async () => {
    const plan = await lab.begin({
      peers: 2,
      messages: 150,
      intervalMs: { min: 5, max: 20 },
    });
    await lab.uploaded(plan.runId, 'peer-0');
    lab.signal('peer-0', 'SIGTERM');
    await eventually('it said goodbye', () => lab.logOf('peer-0').includes('a run was abandoned'));
    const comparison = await lab.comparison(plan.runId);
    expect(comparison.perPeer[0]).toMatchObject({ standing: 'reported', outcome: 'abandoned' });
    expect(comparison.perPeer[0]!.delivered).toBeGreaterThan(5);
    // The other one was told, and did not wait for the rest.
    expect(comparison.perPeer[1]!.outcome).toBe('settled');
  });

  test('exit: every daemon ends with status 0, and the laboratory with them', async () => {
    expect((await lab.post('/exit', {})).status).toBe(202);
    const end = await lab.laboratory.whenDown;
    expect(end.how).toBe('exited');
    expect(lab.logOf('peer-1')).toContain('exit command');
  });
});
