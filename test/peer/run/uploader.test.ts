import { describe, expect, test } from '@jest/globals';
import { paths, type Report } from '../../../control/documents.ts';
import { decodeChunk } from '../../../core/records/sequence-codec.ts';
import { DeliveredSequence } from '../../../core/records/delivered-sequence.ts';
import { systemClock } from '../../../peer/clock.ts';
import { Uploader } from '../../../peer/run/uploader.ts';
import { MemoryBackend } from '../../../bench/virtual-group/memory-backend.ts';

const RUN = '20260131-235959-0a1b2c3d';
const REPORT = { peerId: 'peer-0' } as Report;

/** Somebody sets the clock on the wall back and back: it says nothing of how long a write has been tried. */
const clock = { ...systemClock, wallMs: () => 0 };

function uploaderOf(giveUpInMs = 5_000) {
  const backend = new MemoryBackend();
  const sequence = new DeliveredSequence();
  const retries: Error[] = [];
  const target = {
    store: backend.store,
    runId: RUN,
    peerId: 'peer-0',
    size: 3,
    giveUpAtUs: systemClock.monotonicUs() + giveUpInMs * 1_000,
  };
  const uploader = new Uploader(target, sequence, clock, (error) => retries.push(error));
  return { backend, sequence, retries, uploader };
}

async function stored(backend: MemoryBackend): Promise<DeliveredSequence> {
  const into = new DeliveredSequence();
  for (const { bytes } of await backend.store.list(paths.chunks(RUN))) {
    decodeChunk(bytes, into, { deliveries: 1_000, multicasts: 1_000 });
  }
  return into;
}

describe('the uploader', () => {
  test('writes what is new at each flush, and the rest before the report', async () => {
    const { backend, sequence, uploader } = uploaderOf();
    sequence.appendMulticast();
    sequence.appendDelivery(0, 0);
    uploader.flush();
    uploader.flush();
    sequence.appendDelivery(2, 0);
    await uploader.finish(REPORT);
    const all = await stored(backend);
    expect([...all.senders]).toEqual([0, 2]);
    expect([...all.deliveredBefore]).toEqual([0]);
    const report = await backend.store.read(paths.report(RUN, 'peer-0'));
    expect(report?.fields['chunks']).toBe(uploader.chunks);
  });

  test('with nothing delivered it writes a report without chunks', async () => {
    const { backend, uploader } = uploaderOf();
    await uploader.finish(REPORT);
    expect(await backend.store.list(paths.chunks(RUN))).toEqual([]);
    expect((await backend.store.read(paths.report(RUN, 'peer-0')))?.fields['chunks']).toBe(0);
  });

  test('a store that fails for a while loses nothing and doubles nothing', async () => {
    const { backend, sequence, retries, uploader } = uploaderOf();
    backend.faults.order('create', 2);
    for (let number = 0; number < 50; number += 1) {
      sequence.appendDelivery(number % 3, Math.floor(number / 3));
      if (number % 10 === 0) uploader.flush();
    }
    await uploader.finish(REPORT);
    expect(retries.length).toBe(2);
    expect([...(await stored(backend)).sequences]).toEqual([...sequence.sequences]);
  });

  test('a store that stays away is given up at the stated time, by the name of the document', async () => {
    const { backend, sequence, uploader } = uploaderOf(150);
    backend.faults.order('create', 1_000);
    sequence.appendDelivery(0, 0);
    await expect(uploader.finish(REPORT)).rejects.toThrow(
      `gave up writing ${paths.chunk(RUN, 'peer-0', 0)}`,
    );
  });
});
