import { randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { paths } from '../../control/documents.ts';
import { requestExit } from '../../control/runs/request-exit.ts';
import { ORDERINGS } from '../../core/orderings/registry.ts';
import { type Clock, systemClock } from '../../peer/clock.ts';
import { LEISURE_MS } from '../../peer/duty/leisure.ts';
import { useDaemonGroup } from '../support/daemon-group.ts';
import { eventually } from '../support/eventually.ts';

const NATIVE = { MPCOMM_TRANSPORT: 'native' };
/** A clock on which the time until memory is given back is another one, and nothing else. */
const leisurely = (leisureMs: number): Clock => ({
  ...systemClock,
  after: (delayMs, wake) => systemClock.after(delayMs === LEISURE_MS ? leisureMs : delayMs, wake),
});

const group = useDaemonGroup();

describe('a daemon', () => {
  test('registers, takes part in run after run, and forgets each', async () => {
    await Promise.all([group.start('peer-0'), group.start('peer-1')]);
    for (let round = 0; round < 2; round += 1) {
      const plan = await group.begin({ peers: 2, messages: 5, ordering: 'fifo' });
      for (const peerId of ['peer-0', 'peer-1']) {
        expect(await group.reportOf(plan, peerId)).toMatchObject({
          outcome: 'complete',
          deliveries: 10,
        });
      }
      // The lease goes with the comparison, which nobody makes here.
      await group.backend.store.replace(paths.lease, { runId: plan.runId, untilMs: 0 });
    }
    expect(group.said('joining a run')).toHaveLength(4);
  });

  test('gives memory back once it has nothing to do: after its start, and after each run', async () => {
    const { gc } = globalThis;
    const given: number[] = [];
    globalThis.gc = (() =>
      void given.push(group.said('joining a run').length)) as unknown as typeof gc;
    try {
      await Promise.all([
        group.start('peer-0', {}, ORDERINGS, leisurely(100)),
        group.start('peer-1', {}, ORDERINGS, leisurely(1e9)),
      ]);
      await eventually('memory is given back', () => given.length === 1);
      const plan = await group.begin({ peers: 2, messages: 20 });
      await group.reportOf(plan, 'peer-0');
      await eventually('and again after the run', () => given.length === 2);
      expect(given).toEqual([0, 2]);
    } finally {
      globalThis.gc = gc;
    }
  });

  test('joins once, however often the command comes, and ignores what is none of its own', async () => {
    await Promise.all([group.start('peer-0'), group.start('peer-1')]);
    group.backend.faults.order('duplicate');
    const plan = await group.begin({ peers: 2, messages: 3 });
    await group.reportOf(plan, 'peer-0');
    await group.backend.bus.publish('nonsense' as never);
    await group.backend.bus.settled();
    expect(group.said('joining a run')).toHaveLength(2);
    const reasons = group.said('command ignored').map(({ reason }) => reason);
    expect(reasons).toContain('the command came a second time');
    expect(reasons.some((reason) => String(reason).startsWith('not a command'))).toBe(true);
  });

  test('tries again to join a run that it could not join, when the command comes again', async () => {
    /** Orderings that cannot be looked up the first time. */
    const unready = new Map(ORDERINGS);
    unready.get = (name) => {
      unready.get = ORDERINGS.get.bind(ORDERINGS);
      throw new Error(`${name} is not ready`);
    };
    await Promise.all([group.start('peer-0', {}, unready), group.start('peer-1')]);
    const plan = await group.begin({ peers: 2, messages: 3 });
    expect(await group.reportOf(plan, 'peer-0')).toMatchObject({ outcome: 'complete' });
    expect(group.said('joining a run', 'peer-0')).toHaveLength(2);
  });

  test('a run that begins ends the one before, with what that has', async () => {
    await Promise.all([group.start('peer-0'), group.start('peer-1')]);
    const first = await group.begin({ peers: 2, messages: 500, intervalMs: { min: 20, max: 30 } });
    await eventually('both have joined', () => group.said('joining a run').length === 2);
    await group.backend.store.replace(paths.lease, { runId: first.runId, untilMs: 0 });
    const second = await group.begin({ peers: 2, messages: 3 });
    expect(await group.reportOf(first, 'peer-0')).toMatchObject({ outcome: 'abandoned' });
    expect(await group.reportOf(second, 'peer-0')).toMatchObject({ outcome: 'complete' });
  });

  test('counts what comes to its socket and is of no run', async () => {
    await Promise.all([group.start('peer-0'), group.start('peer-1')]);
    const entry = await group.backend.store.read(paths.peer('peer-0'));
    const socket = createSocket('udp4');
    const port = Number(entry!.fields['port']);
    for (let count = 0; count < 3; count += 1) {
      socket.send(Buffer.alloc(50), port, '127.0.0.1');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const plan = await group.begin({ peers: 2, messages: 3 });
    await group.reportOf(plan, 'peer-0');
    expect(group.said('joining a run', 'peer-0')[0]).toMatchObject({ dropped: 3 });
    socket.close();
    await once(socket, 'close');
  });

  test('with the native transport it takes part with others that have another', async () => {
    await Promise.all([
      group.start('peer-0', NATIVE),
      group.start('peer-1', NATIVE),
      group.start('peer-2'),
    ]);
    const work = { peers: 3, messages: 20, deadlineMs: 120_000 };
    const plan = await group.begin({ ...work, ordering: 'sequencer' });
    for (const peerId of ['peer-0', 'peer-1', 'peer-2']) {
      expect(await group.reportOf(plan, peerId)).toMatchObject({
        outcome: 'complete',
        deliveries: 60,
      });
    }
  });

  test('without a native transport it says so, and takes part by dgram', async () => {
    const { platform } = process;
    Object.defineProperty(process, 'platform', { value: 'darwin' });
    await group
      .start('peer-0', NATIVE)
      .finally(() => Object.defineProperty(process, 'platform', { value: platform }));
    const [line] = group.said('datagrams go by dgram, as there is no native transport here');
    expect(line).toMatchObject({ err: { message: expect.stringContaining('is for Linux') } });
    await group.start('peer-1');
    const plan = await group.begin({ peers: 2, messages: 3 });
    expect(await group.reportOf(plan, 'peer-0')).toMatchObject({ outcome: 'complete' });
  });

  test('reports an ordering that it does not know', async () => {
    const known = new Map([['fifo', ORDERINGS.get('fifo')!]]);
    await Promise.all([group.start('peer-0', {}, known), group.start('peer-1', {}, known)]);
    const plan = await group.begin({ peers: 2, messages: 3, ordering: 'causal' });
    const report = await group.reportOf(plan, 'peer-1');
    expect(report).toMatchObject({ outcome: 'failed' });
    expect(report['reason']).toContain('knows no ordering causal; it knows');
  });

  test('over the emulated network it is as far from the others as their zones', async () => {
    const network = { MPCOMM_NETWORK: 'emulated' };
    await group.start('peer-0', { ...network, MPCOMM_ZONE: 'us-west1-b' });
    await group.start('peer-1', { ...network, MPCOMM_ZONE: 'southamerica-east1-b' });
    const plan = await group.begin({ peers: 2, messages: 3, ordering: 'fifo' });
    const report = await group.reportOf(plan, 'peer-0');
    expect(report).toMatchObject({ outcome: 'complete', network: 'emulated' });
    const [roundTripMs] = Object.values(report['roundTripMs'] as Record<string, number>);
    expect(roundTripMs).toBeGreaterThan(100);
  });

  test('is done when it is told to exit; the command of an earlier life does not count', async () => {
    const daemon = await group.start('peer-0');
    let isDone = false;
    void daemon.done.then(() => (isDone = true));
    const expiresAtMs = Date.now() + 60_000;
    await group.backend.bus.publish({ command: 'exit', issuedAtMs: 1, expiresAtMs });
    await group.backend.bus.settled();
    expect(isDone).toBe(false);
    await requestExit({ bus: group.backend.bus, nowMs: Date.now() + 1 });
    await eventually('the daemon is done', () => isDone);
  });

  test('whose name was taken by a later one ends with that error', async () => {
    const daemon = await group.start('peer-0', { MPCOMM_HEARTBEAT_MS: '100' });
    let failure = '';
    void daemon.done.catch((error: unknown) => (failure = String(error)));
    const { fields } = (await group.backend.store.read(paths.peer('peer-0')))!;
    const later = { incarnation: randomUUID(), startedAtMs: Number(fields['startedAtMs']) + 1 };
    await eventually('the daemon has seen the other one', async () => {
      // A heartbeat that was under way may have written the old entry once more.
      await group.backend.store.replace(paths.peer('peer-0'), { ...fields, ...later });
      return failure !== '';
    });
    expect(failure).toContain('a daemon that started later has registered as peer-0');
  });
});
