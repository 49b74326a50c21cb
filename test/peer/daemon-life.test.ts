import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { paths } from '../../control/documents.ts';
import { ORDERINGS } from '../../core/orderings/registry.ts';
import { type Clock, systemClock } from '../../peer/clock.ts';
import { useDaemonGroup } from '../support/daemon-group.ts';
import { eventually } from '../support/eventually.ts';

const group = useDaemonGroup();

describe('a daemon', () => {
  test('leaves the registry and ends its run when it stops', async () => {
    const [daemon] = await Promise.all([group.start('peer-0'), group.start('peer-1')]);
    const plan = await group.begin({ peers: 2, messages: 500, intervalMs: { min: 20, max: 30 } });
    await eventually('it has joined', () => group.said('joining a run', 'peer-0').length === 1);
    await daemon.stop('SIGTERM');
    expect(await group.reportOf(plan, 'peer-0')).toMatchObject({
      outcome: 'abandoned',
      reason: 'SIGTERM',
    });
    const entry = await group.backend.store.read(paths.peer('peer-0'));
    expect(entry!.fields['heartbeatAtMs']).toBe(0);
    expect(group.said('stopped; a run was abandoned', 'peer-0')).toHaveLength(1);
    group.forget(daemon);
  });

  test.each([false, true])(
    'that is told to stop after its run, recorded or not, brings its report to the store before it is gone',
    async (record) => {
      const [first] = await Promise.all([group.start('peer-0'), group.start('peer-1')]);
      const create = group.backend.store.create.bind(group.backend.store);
      let letGo: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (letGo = resolve));
      let isReported = false;
      group.backend.store.create = async (path, fields, bytes) => {
        if (path.endsWith('/reports/peer-0')) {
          isReported = true;
          await held;
        }
        return create(path, fields, bytes);
      };
      const plan = await group.begin({ peers: 2, messages: 5, ordering: 'fifo', record });
      await eventually('the report of peer-0 is on its way', () => isReported);
      // The other one has reported, and nobody needs the answers of this one any more.
      await group.reportOf(plan, 'peer-1');
      await sleep(300);
      group.forget(first!);
      const stopped = first!.stop('SIGTERM');
      await sleep(100);
      expect(group.said('stopped; the report of a run was brought to an end')).toEqual([]);
      letGo();
      await stopped;
      expect(group.backend.store.documents.has(paths.report(plan.runId, 'peer-0'))).toBe(true);
      expect(
        group.said('stopped; the report of a run was brought to an end', 'peer-0'),
      ).toHaveLength(1);
    },
  );

  test('that stops brings its report to the store however slow registry and bus are', async () => {
    const subscribe = group.backend.bus.subscribe.bind(group.backend.bus);
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    group.backend.bus.subscribe = async (...subscription) => ({
      ...(await subscribe(...subscription)),
      close: () => held,
    });
    const [daemon] = await Promise.all([group.start('peer-0'), group.start('peer-1')]);
    const plan = await group.begin({ peers: 2, messages: 500, intervalMs: { min: 20, max: 30 } });
    await eventually('it has joined', () => group.said('joining a run', 'peer-0').length === 1);
    const replace = group.backend.store.replace.bind(group.backend.store);
    group.backend.store.replace = async (path, fields) => {
      await held;
      return replace(path, fields);
    };
    const stopped = daemon.stop('SIGTERM');
    expect(await group.reportOf(plan, 'peer-0')).toMatchObject({ outcome: 'abandoned' });
    letGo();
    await stopped;
    const { fields } = group.backend.store.documents.get(paths.peer('peer-0'))!;
    expect(Date.now() - Number(fields['leftAtMs'])).toBeLessThan(60_000);
    group.forget(daemon);
  });

  test('starts once its rights are known, and tells what it is waiting for', async () => {
    const subscribe = group.backend.bus.subscribe.bind(group.backend.bus);
    const denied = Object.assign(new Error('7 PERMISSION_DENIED'), { code: 7 });
    let denials = 2;
    group.backend.bus.subscribe = (...subscription) => {
      denials -= 1;
      if (denials < 0) return subscribe(...subscription);
      return Promise.reject(new Error('This account may not use t', { cause: denied }));
    };
    const quick: Clock = {
      ...systemClock,
      after: (delayMs, wake) => systemClock.after(delayMs / 100, wake),
    };
    await group.start('peer-0', {}, ORDERINGS, quick);
    expect(
      group.said('the subscription could not be opened, and will be tried again'),
    ).toHaveLength(2);
    expect(group.said('ready', 'peer-0')).toHaveLength(1);
  });
});
