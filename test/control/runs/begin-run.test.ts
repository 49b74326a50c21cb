import { beforeEach, describe, expect, test } from '@jest/globals';
import { beginRun } from '../../../control/runs/begin-run.ts';
import { runPlanSchema } from '../../../control/command.ts';
import { paths, type RegistryEntry, runSchema } from '../../../control/documents.ts';
import { JOIN_MS, UPLOAD_GRACE_MS } from '../../../control/limits.ts';
import { UnavailableError } from '../../../control/unavailable.ts';
import { PROTOCOL } from '../../../control/protocol.ts';
import {
  beginContext,
  NOW_MS,
  registerPeers,
  registryEntry,
  runRequest,
  ZONES,
} from '../../support/control-fixtures.ts';
import { MemoryBackend } from '../../../bench/virtual-group/memory-backend.ts';

let backend: MemoryBackend;

beforeEach(async () => {
  backend = new MemoryBackend();
  await registerPeers(backend, 12);
});

function begin(body?: object, key: string | null = null, nowMs = NOW_MS) {
  return beginRun(beginContext(backend, { nowMs }), runRequest(body), key);
}

async function begun(body?: object, key: string | null = null, nowMs = NOW_MS) {
  const outcome = await begin(body, key, nowMs);
  if (!('plan' in outcome)) throw new Error(`the run was not begun: ${outcome.outcome}`);
  return outcome.plan;
}

function count(collection: string): number {
  return [...backend.store.documents.keys()].filter((path) => path.startsWith(`${collection}/`))
    .length;
}

describe('a run that begins', () => {
  test('is recorded, leased and published', async () => {
    const plan = await begun({ peers: 11, messages: 2, seed: 7, deadlineMs: 5_000 });
    expect(runPlanSchema.parse(plan)).toEqual(plan);
    expect(plan).toMatchObject({
      seed: 7,
      createdAtMs: NOW_MS,
      joinByMs: NOW_MS + 5_000,
      deadlineMs: NOW_MS + 5_000,
    });
    expect(plan.runId).toMatch(/^20260131-120000-[0-9a-f]{8}$/);
    expect(plan.members.map(({ peerId }) => peerId)).toEqual(
      Array.from({ length: 11 }, (_, i) => `peer-${i + 1}`),
    );
    const run = await backend.store.read(paths.run(plan.runId));
    expect(runSchema.parse(run?.fields)).toEqual({
      plan,
      backend: 'embedded',
      declared: ['integrity', 'validity'],
      survives: 'none',
    });
    const lease = await backend.store.read(paths.lease);
    expect(lease?.fields).toEqual({
      runId: plan.runId,
      untilMs: NOW_MS + 5_000 + UPLOAD_GRACE_MS,
    });
    expect(backend.bus.published).toEqual([{ command: 'run', plan }]);
  });

  test('draws its seed when none was given, and has time to join', async () => {
    const plan = await beginRun(beginContext(backend, { random: () => 0.5 }), runRequest(), null);
    expect(plan).toMatchObject({ plan: { seed: 0x8000_0000, joinByMs: NOW_MS + JOIN_MS } });
  });

  test('takes the zones asked for', async () => {
    const plan = await begun({ peers: 2, messages: 1, zones: [ZONES[2], ZONES[0]] });
    expect(plan.members.map(({ zone }) => zone)).toEqual([ZONES[2], ZONES[0]]);
  });
});

describe('a run does not begin', () => {
  test('with too few live peers, and says how many and where, and why others are not there', async () => {
    await registerPeers(backend, 11, NOW_MS - 90_000_000);
    await registerPeers(backend, 3, NOW_MS - 60_000);
    await registerPeers(backend, 2, NOW_MS + 6_000);
    await registerPeers(backend, 1);
    const left = { ...registryEntry(11, 0), leftAtMs: NOW_MS - 30_000 };
    await backend.store.replace(paths.peer('peer-11'), left);
    const present = async (peers: readonly RegistryEntry[]) => peers.filter((_, i) => i > 0);
    const context = beginContext(backend, { present });
    expect(await beginRun(context, runRequest(), null)).toEqual({
      outcome: 'tooFewPeers',
      live: 1,
      zones: [ZONES[0]],
      missingZones: [],
      absent: [
        `peer-2 (${ZONES[2]}), whose clock is 6 s ahead (at most 5 s are allowed)`,
        `peer-1 (${ZONES[1]}), whose port nobody has open`,
        `peer-11 (${ZONES[2]}), which left 30 s ago`,
        `peer-3 (${ZONES[0]}), silent for 60 s`,
      ],
    });
    expect([count('runs'), count('leases'), backend.bus.published.length]).toEqual([0, 0, 0]);
  });

  test('with peers of another version, and names them with both versions', async () => {
    const { protocol: _protocol, ...older } = registryEntry(1);
    await backend.store.replace(paths.peer('peer-1'), older);
    const newer = { ...registryEntry(2), protocol: '999.1', sincePerhaps: { next: 'year' } };
    await backend.store.replace(paths.peer('peer-2'), newer);
    expect(await begin({ peers: 11, messages: 1 })).toMatchObject({
      outcome: 'tooFewPeers',
      live: 10,
      absent: [
        `peer-1 (${ZONES[1]}), of an older version, not ${PROTOCOL}`,
        `peer-2 (${ZONES[2]}), of version 999.1, not ${PROTOCOL}`,
      ],
    });
  });

  test('while another is active', async () => {
    const { runId, deadlineMs } = await begun();
    const untilMs = deadlineMs + UPLOAD_GRACE_MS;
    const active = { outcome: 'active', runId, untilMs };
    expect(await begin()).toEqual(active);
    await registerPeers(backend, 3, untilMs);
    expect(await begin(undefined, null, untilMs)).toEqual(active);
  });

  test('when the store does not answer', async () => {
    for (const point of ['list', 'transact'] as const) {
      backend.faults.order(point);
      await expect(begin()).rejects.toThrow(UnavailableError);
    }
    expect(await begin()).toMatchObject({ outcome: 'begun' });
  });

  test('more than once under 50 concurrent requests', async () => {
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => begin()));
    const runIds = outcomes.map((outcome) => ('runId' in outcome ? outcome.runId : 'mine'));
    expect(outcomes.filter(({ outcome }) => outcome === 'begun')).toHaveLength(1);
    expect(outcomes.filter(({ outcome }) => outcome === 'active')).toHaveLength(49);
    expect(new Set(runIds).size).toBe(2);
    expect([count('runs'), backend.bus.published.length]).toEqual([1, 1]);
  });
});

describe('the lease is free again', () => {
  test('once its time has passed', async () => {
    const { deadlineMs } = await begun();
    const later = deadlineMs + UPLOAD_GRACE_MS + 1;
    await registerPeers(backend, 3, later);
    expect(await begin(undefined, null, later)).toMatchObject({ outcome: 'begun' });
  });

  test('once its run was compared', async () => {
    const { runId } = await begun();
    await backend.store.create(paths.comparison(runId), {});
    expect(await begin()).toMatchObject({ outcome: 'begun' });
  });

  test('when it cannot be read', async () => {
    await backend.store.replace(paths.lease, { who: 'knows' });
    expect(await begin()).toMatchObject({ outcome: 'begun' });
  });
});

describe('under an Idempotency-Key', () => {
  test('the same request gets the same run, and publishes it again while peers may join', async () => {
    const plan = await begun(undefined, 'key');
    expect(await begin({ messages: 2, peers: 3 }, 'key')).toEqual({ outcome: 'repeated', plan });
    expect(await begin(undefined, 'key', plan.joinByMs)).toEqual({ outcome: 'repeated', plan });
    expect(backend.bus.published).toHaveLength(2);
    expect(count('runs')).toBe(1);
  });

  test('it gets it even when the peers are gone', async () => {
    const plan = await begun(undefined, 'key');
    await registerPeers(backend, 12, 0);
    expect(await begin(undefined, 'key')).toEqual({ outcome: 'repeated', plan });
  });

  test('another request is refused', async () => {
    await begun(undefined, 'key');
    const other = { peers: 3, messages: 3 };
    expect(await begin(other, 'key')).toEqual({ outcome: 'keyReused' });
    expect(await begin(undefined, 'another key')).toMatchObject({ outcome: 'active' });
  });

  test('50 concurrent requests get one run', async () => {
    const plans = await Promise.all(Array.from({ length: 50 }, () => begun(undefined, 'key')));
    expect(new Set(plans.map(({ runId }) => runId)).size).toBe(1);
    expect(count('runs')).toBe(1);
  });

  test('neither key nor body is stored', async () => {
    await begun(undefined, 'a secret key');
    expect(JSON.stringify([...backend.store.documents])).not.toContain('a secret key');
  });

  test('a run whose document was deleted does not block its key', async () => {
    const { runId } = await begun(undefined, 'key');
    backend.store.documents.delete(paths.run(runId));
    backend.store.documents.delete(paths.lease);
    expect(await begin(undefined, 'key')).toMatchObject({ outcome: 'begun' });
  });
});

describe('a store that takes longer than there is time to join', () => {
  /** A clock that shows `late` from its reading number `reading` on. */
  const clockLateFrom = (reading: number): (() => number) => {
    let readings = 0;
    return () => {
      readings += 1;
      return readings < reading ? NOW_MS : NOW_MS + JOIN_MS;
    };
  };

  test('before the run is recorded, nothing is', async () => {
    // The clock is read for the heartbeats, for the plan, and then in the transaction.
    const context = beginContext(backend, { clock: clockLateFrom(3) });
    await expect(beginRun(context, runRequest(), null)).rejects.toThrow(
      /longer than peers may take/,
    );
    expect([count('runs'), backend.bus.published.length]).toEqual([0, 0]);
  });

  test('after it, the command is not sent, and that is told', async () => {
    const context = beginContext(backend, { clock: clockLateFrom(4) });
    expect(await beginRun(context, runRequest(), null)).toMatchObject({ outcome: 'unpublished' });
    expect([count('runs'), backend.bus.published.length]).toEqual([1, 0]);
  });
});

describe('between the run document and its command', () => {
  test('a bus that fails is told, and repeating the request publishes', async () => {
    backend.faults.order('publish');
    const first = await begin(undefined, 'key');
    expect(first).toMatchObject({ outcome: 'unpublished' });
    expect(backend.bus.published).toHaveLength(0);
    const second = await begin(undefined, 'key');
    expect(second).toMatchObject({ outcome: 'repeated' });
    expect(backend.bus.published).toEqual([
      { command: 'run', plan: (first as { plan: object }).plan },
    ]);
  });

  test('without a key the run keeps the lease until it expires', async () => {
    backend.faults.order('publish');
    expect(await begin()).toMatchObject({ outcome: 'unpublished' });
    expect(await begin()).toMatchObject({ outcome: 'active' });
  });

  test.each([[null], ['key']])(
    'a commit whose answer was lost is no other run: %s',
    async (key) => {
      backend.faults.order('commitTwice');
      expect(await begin(undefined, key)).toMatchObject({
        outcome: expect.stringMatching(/begun|repeated/),
      });
      expect([count('runs'), backend.bus.published.length]).toEqual([1, 1]);
    },
  );
});
