import { beforeEach, describe, expect, test } from '@jest/globals';
import { beginRun } from '../../../control/runs/begin-run.ts';
import type { RunPlan } from '../../../control/command.ts';
import { paths } from '../../../control/documents.ts';
import { JOIN_MS } from '../../../control/limits.ts';
import { createLog } from '../../../peer/log.ts';
import { Lookout } from '../../../peer/duty/lookout.ts';
import { SubscriptionKeeper } from '../../../peer/duty/subscription-keeper.ts';
import { beginContext, NOW_MS, registerPeers, runRequest } from '../../support/control-fixtures.ts';
import { MemoryBackend } from '../../../bench/virtual-group/memory-backend.ts';

let backend: MemoryBackend;
let plan: RunPlan;

beforeEach(async () => {
  backend = new MemoryBackend();
  await registerPeers(backend, 3);
  const begun = await beginRun(beginContext(backend), runRequest(), null);
  if (begun.outcome !== 'begun') throw new Error(begun.outcome);
  plan = begun.plan;
});

const unknown = () => false;

describe('a lookout', () => {
  const of = (incarnation: string) => new Lookout(backend.store, incarnation);
  const member = () => of(plan.members[0]!.incarnation);

  test('finds a run whose command did not come, until it is known: joining may have failed', async () => {
    const lookout = member();
    const known = (runId: string) => runId === plan.runId;
    expect(await lookout.look(NOW_MS + 1_999, unknown)).toBeNull();
    expect(await lookout.look(NOW_MS + 2_000, unknown)).toEqual(plan);
    expect(await lookout.look(NOW_MS + 3_000, unknown)).toEqual(plan);
    expect(await lookout.look(NOW_MS + 4_000, known)).toBeNull();
    expect(await lookout.look(NOW_MS + 5_000, unknown)).toBeNull();
  });

  test('finds nothing where the command came, is not meant for it, or came too late', async () => {
    expect(await member().look(NOW_MS + 5_000, (runId) => runId === plan.runId)).toBeNull();
    expect(await of('another-incarnation').look(NOW_MS + 5_000, unknown)).toBeNull();
    expect(await member().look(NOW_MS + JOIN_MS + 1, unknown)).toBeNull();
  });

  test('is content with a lease or a run that cannot be read, and with none', async () => {
    await backend.store.replace(paths.lease, { runId: 'no id' });
    expect(await member().look(NOW_MS + 5_000, unknown)).toBeNull();
    const empty = new Lookout(new MemoryBackend().store, 'x');
    expect(await empty.look(NOW_MS, unknown)).toBeNull();
  });

  test('reads one document where nothing is new', async () => {
    const reads: string[] = [];
    const counting = {
      read: (path: string) => {
        reads.push(path);
        return backend.store.read(path);
      },
    };
    const lookout = new Lookout(counting, 'another-incarnation');
    for (let look = 0; look < 3; look += 1) await lookout.look(NOW_MS + 5_000, unknown);
    expect(reads).toEqual([paths.lease, paths.run(plan.runId), paths.lease, paths.lease]);
  });
});

describe('a keeper', () => {
  function keep(options: { look?: () => Promise<RunPlan | null>; reopen?: () => Promise<void> }) {
    const seen = { missed: [] as RunPlan[], reopened: 0, nowMs: 0 };
    const reopen = async () => {
      seen.reopened += 1;
      await options.reopen?.();
    };
    const keeper = new SubscriptionKeeper({
      subscription: { reopen },
      lookout: { look: options.look ?? (async () => null) },
      periodMs: 5_000,
      silenceMs: 180_000,
      knows: unknown,
      onMissed: (missed) => seen.missed.push(missed),
      wallMs: () => NOW_MS,
      clockMs: () => seen.nowMs,
      log: createLog('silent', 'peer-1'),
    });
    return { keeper, seen };
  }

  test('has a missed run joined and the subscription rebuilt in the same round', async () => {
    const { keeper, seen } = keep({ look: async () => plan });
    await keeper.check();
    expect(seen).toMatchObject({ missed: [plan], reopened: 1 });
  });

  test('rebuilds a silent subscription, again later when that failed, and no other', async () => {
    const { keeper, seen } = keep({ reopen: () => Promise.reject(new Error('no network')) });
    for (const [nowMs, reopened] of [
      [179_000, 0],
      [180_000, 1],
      [185_000, 1],
      [540_000, 2],
    ]) {
      seen.nowMs = nowMs!;
      await keeper.check();
      expect(seen.reopened).toBe(reopened);
    }
    keeper.heard();
    seen.nowMs += 179_000;
    await keeper.check();
    expect(seen.reopened).toBe(2);
  });

  test('a store that does not answer keeps it from nothing', async () => {
    const { keeper, seen } = keep({ look: () => Promise.reject(new Error('no store')) });
    seen.nowMs = 180_000;
    await keeper.check();
    expect(seen).toMatchObject({ missed: [], reopened: 1 });
  });

  test('that was stopped does nothing more', async () => {
    const { keeper, seen } = keep({ look: async () => plan });
    keeper.stop();
    seen.nowMs = 1_000_000;
    await keeper.check();
    expect(seen).toMatchObject({ missed: [], reopened: 0 });
  });
});
