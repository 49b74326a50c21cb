import { afterEach, describe, expect, test } from '@jest/globals';
import type { LaboratoryStatus } from '../../../control/api/dashboard-documents.ts';
import { LaboratoryWatch, type WatchedReader } from '../../../cli/dashboard/watch-laboratory.ts';
import { eventually } from '../../support/eventually.ts';

const UP: LaboratoryStatus = {
  state: 'up',
  sentence: 'It is up.',
  backend: 'embedded',
  place: 'here',
  lookedAtMs: 1,
  peers: [],
  orderings: [],
  progress: null,
  latest: null,
  grid: null,
};
const PACE = { busyMs: 5, idleMs: 5, lookMsMax: 30 };

/** A laboratory whose looks are answered by `answer`, in turn. */
class FakeReader implements WatchedReader {
  readonly backend = null;
  looks = 0;
  readonly #answer: (look: number) => Promise<LaboratoryStatus>;

  constructor(answer: (look: number) => Promise<LaboratoryStatus>) {
    this.#answer = answer;
  }

  read(): Promise<LaboratoryStatus> {
    this.looks += 1;
    return this.#answer(this.looks);
  }

  trouble(sentence: string, last: LaboratoryStatus | null): LaboratoryStatus {
    return { ...(last ?? UP), state: 'slow', sentence };
  }
}

describe('a watch over the laboratory', () => {
  let watch: LaboratoryWatch;
  afterEach(() => watch.close());

  test('tells of a store that does not answer, and does not ask it again meanwhile', async () => {
    let answer: (status: LaboratoryStatus) => void = () => undefined;
    const reader = new FakeReader((look) =>
      look === 1 ? new Promise((resolve) => (answer = resolve)) : Promise.resolve(UP),
    );
    watch = new LaboratoryWatch(reader, PACE);
    const told: string[] = [];
    watch.listen(({ state }) => told.push(state));
    await eventually('the pages to be told', async () => told.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 10 * PACE.idleMs));
    expect([told, reader.looks]).toEqual([['slow'], 1]);
    answer(UP);
    await eventually('the store to be well again', async () => told.length > 1);
    expect(told).toEqual(['slow', 'up']);
  });

  test('tells of a look that fails, and looks again', async () => {
    const failing = new FakeReader((look) =>
      look === 1 ? Promise.reject(new Error('it is locked')) : Promise.resolve(UP),
    );
    watch = new LaboratoryWatch(failing, PACE);
    const told: string[] = [];
    watch.listen(({ sentence }) => told.push(sentence));
    await eventually('both to be told', async () => told.length > 1);
    expect(told).toEqual(['it is locked', UP.sentence]);
  });

  test('tells what is new alone, to all, and rests when nobody listens', async () => {
    const reader = new FakeReader((look) => Promise.resolve({ ...UP, lookedAtMs: look }));
    watch = new LaboratoryWatch(reader, PACE);
    const told: number[] = [];
    const first = watch.listen(() => told.push(1));
    await eventually('the first to be told', async () => told.length > 0);
    const second = watch.listen(() => told.push(2));
    await eventually('a second look', async () => reader.looks > 1);
    expect(told).toEqual([1, 2]);
    first();
    second();
    const { looks } = reader;
    await new Promise((resolve) => setTimeout(resolve, 10 * PACE.idleMs));
    expect(reader.looks).toBe(looks);
  });
});
