import { describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { beginRun } from '../../control/runs/begin-run.ts';
import { closeRun } from '../../control/runs/close-run.ts';
import { comparisonSchema } from '../../control/comparison-document.ts';
import { paths } from '../../control/documents.ts';
import type { Backend } from '../../control/ports.ts';
import { DeliveredSequence } from '../../core/records/delivered-sequence.ts';
import { createRandom } from '../../core/base/random.ts';
import { openBackend } from '../../backend/open-backend.ts';
import { systemClock } from '../../peer/clock.ts';
import { Uploader } from '../../peer/run/uploader.ts';
import { beginContext, registerPeers, report, runRequest } from '../support/control-fixtures.ts';
import { emulatorsForTests } from '../support/emulators.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const PEERS = 8;
/** Enough for several chunks a peer. */
const MESSAGES = 100_000;

/** All messages, each round in an order of this member's own, a third of the rounds overtaken. */
function shuffledLog(self: number): DeliveredSequence {
  const random = createRandom(1, self);
  const log = new DeliveredSequence();
  const senders = Array.from({ length: PEERS }, (_, sender) => sender);
  for (let sequence = 0; sequence < MESSAGES; sequence += 1) {
    log.appendMulticast();
    const one = Math.floor(random() * PEERS);
    [senders[0], senders[one]] = [senders[one]!, senders[0]!];
    // Rounds 2k and 2k + 1 change places: such deliveries take more bits than regular ones.
    const round = sequence % 6 < 2 ? sequence ^ 1 : sequence;
    for (const sender of senders) log.appendDelivery(sender, round);
  }
  return log;
}

async function uploadAndCompare(backend: Backend): Promise<void> {
  const nowMs = Date.now();
  await registerPeers(backend, PEERS, nowMs);
  const request = runRequest({ peers: PEERS, messages: MESSAGES, intervalMs: { min: 0, max: 1 } });
  const begun = await beginRun(beginContext(backend, { nowMs }), request, null);
  if (begun.outcome !== 'begun') throw new Error(begun.outcome);
  const { plan } = begun;
  for (const [self, { peerId }] of plan.members.entries()) {
    const log = shuffledLog(self);
    const target = { store: backend.store, runId: plan.runId, peerId, size: PEERS };
    const uploader = new Uploader(
      { ...target, giveUpAtUs: systemClock.monotonicUs() + 120_000_000 },
      log,
      systemClock,
      () => undefined,
    );
    const counts = { deliveries: log.length, multicasts: log.multicasts };
    await uploader.finish(report(plan, self, counts));
  }
  const chunks = await backend.store.list(paths.chunks(plan.runId), { bytes: false });
  expect(chunks.length).toBeGreaterThan(PEERS);
  expect(await closeRun({ store: backend.store, nowMs }, plan.runId)).toBe('created');
  const document = await backend.store.read(paths.comparison(plan.runId));
  const comparison = comparisonSchema.parse(document?.fields);
  expect(comparison).toMatchObject({ rounds: PEERS * MESSAGES, missingRounds: 0 });
  expect(comparison.unorderedRounds).toBeGreaterThan(MESSAGES);
  expect(comparison.guarantees.agreement.held).toBe(true);
  expect(comparison.perPeer.every(({ delivered }) => delivered === PEERS * MESSAGES)).toBe(true);
}

const emulators = await emulatorsForTests();

describe(`a run of ${PEERS} peers x ${MESSAGES} messages`, () => {
  const directory = temporaryDirectory();

  test('uploads in chunks and compares on the embedded backend', async () => {
    const backend = await openBackend({
      MPCOMM_BACKEND: 'embedded',
      MPCOMM_STATE_FILE: join(directory, 'state.sqlite'),
    });
    await uploadAndCompare(backend);
    await backend.close();
  });

  (emulators === undefined ? test.skip : test)(
    'uploads in chunks and compares on Firestore',
    async () => {
      const backend = await openBackend(emulators!.environment);
      await uploadAndCompare(backend);
      await backend.close();
    },
  );
});
