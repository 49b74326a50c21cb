import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  AlreadyExistsError,
  type DocumentFields,
  type ListOptions,
  type Store,
} from '../../control/ports.ts';
import { uniqueName } from '../support/unique-name.ts';

const KIB = 1_024;

/** What every `Store` does. `open` is called once; its store may hold documents of others. */
export function describeStore(name: string, open: () => Promise<Store>): void {
  describe(`store: ${name}`, () => {
    let store: Store;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(() => store.close());
    describeDocuments(() => store);
    describeLists(() => store);
    describeTransactions(() => store);
  });
}

function describeDocuments(store: () => Store): void {
  test('a document is created once, and a second creation changes nothing', async () => {
    const path = `runs/${uniqueName()}`;
    expect(await store().create(path, { by: 'first' }, Uint8Array.of(1, 2))).toBe(true);
    const stored = await store().read(path);
    expect(await store().create(path, { by: 'second' }, Uint8Array.of(3))).toBe(false);
    expect(await store().read(path)).toEqual(stored);
    expect(stored).toMatchObject({ path, fields: { by: 'first' } });
    expect([...stored!.bytes]).toEqual([1, 2]);
  });

  test('of twenty creations at once exactly one succeeds', async () => {
    const path = `comparisons/${uniqueName()}`;
    const indices = Array.from({ length: 20 }, (_, index) => index);
    const created = await Promise.all(indices.map((by) => store().create(path, { by })));
    expect(created.filter(Boolean)).toHaveLength(1);
    expect((await store().read(path))!.fields).toEqual({ by: created.indexOf(true) });
  });

  test('an absent document reads as undefined', async () => {
    expect(await store().read(`runs/${uniqueName()}`)).toBeUndefined();
  });

  test('a replacement creates, then replaces all fields and keeps the time of creation', async () => {
    const path = `peers/${uniqueName()}`;
    await store().replace(path, { host: 'a', port: 1 });
    const first = await store().read(path);
    await store().replace(path, { host: 'b' });
    const second = await store().read(path);
    expect(first!.fields).toEqual({ host: 'a', port: 1 });
    expect(second!.fields).toEqual({ host: 'b' });
    expect(second!.createdAtUs).toBe(first!.createdAtUs);
  });

  test('fields come back as they were written, without those that were undefined', async () => {
    const path = `runs/${uniqueName()}`;
    const fields: DocumentFields = {
      nothing: null,
      no: false,
      yes: true,
      empty: '',
      text: 'naïve – 順序 🙂\n"\\',
      integer: 2 ** 53 - 1,
      negative: -(2 ** 53 - 1),
      fraction: 0.1,
      small: 5e-324,
      list: [{ peer: 1, tags: ['a', null] }, {}, 'x', 3],
      map: { 'key with-hyphen': { deep: { deeper: [1] } }, '7': 7 },
      none: [],
    };
    await store().create(path, { ...fields, absent: undefined, inner: { absent: undefined } });
    expect((await store().read(path))!.fields).toStrictEqual({ ...fields, inner: {} });
  });

  test.each([0, 1, 255, 64 * KIB, 700 * KIB])('%d bytes come back', async (length) => {
    const path = `runs/${uniqueName()}/chunks/peer-a.000000`;
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 31) & 0xff);
    await store().create(path, { length }, bytes);
    const stored = await store().read(path);
    expect(Buffer.compare(Buffer.from(stored!.bytes), Buffer.from(bytes))).toBe(0);
    expect(stored!.fields).toEqual({ length });
  });

  test('a document created later has a later time', async () => {
    const run = uniqueName();
    const ids = ['c', 'a', 'b'];
    for (const id of ids) await store().create(`runs/${run}/reports/${id}`, {});
    const listed = await store().list(`runs/${run}/reports`);
    const byTime = listed.sort((one, other) => one.createdAtUs - other.createdAtUs);
    expect(byTime.map(({ path }) => path.split('/').at(-1))).toEqual(ids);
    expect(Math.abs(byTime[0]!.createdAtUs / 1000 - Date.now())).toBeLessThan(60_000);
  });

  test.each<[string, string, DocumentFields, RegExp]>([
    ['an array in an array', 'runs/r', { list: [[1]] }, /list\[0\] is an array in an array/],
    ['a number that JSON cannot say', 'runs/r', { a: { b: NaN } }, /a\.b is NaN/],
    ['a date', 'runs/r', { at: new Date(0) }, /at is not plain JSON/],
    ['the field for bytes', 'runs/r', { bytes: 1 }, /"bytes" is kept/],
    ['a collection', 'runs', {}, /names a collection/],
    ['an empty segment', 'runs/', {}, /is no path/],
    ['too much', 'runs/r', { text: 'x'.repeat(1_048_576) }, /holds at most 1048576/],
    // In JSON these are a quarter of what a document holds.
    ['too many numbers', 'runs/r', { counts: Array(131_073).fill(0) }, /holds at most 1048576/],
  ])('%s is refused with a reason', async (_, path, fields, reason) => {
    await expect(store().create(path, fields)).rejects.toThrow(reason);
  });
}

function describeLists(store: () => Store): void {
  test('a collection is listed by id, without its neighbours and subcollections', async () => {
    const run = uniqueName();
    const ids = ['peer-b.000001', 'peer-a.000010', 'peer-a.000002', 'peer-b.000000'];
    for (const id of ids) await store().create(`runs/${run}/chunks/${id}`, { id });
    await store().create(`runs/${run}/reports/peer-a`, {});
    await store().create(`runs/${run}x/chunks/peer-a.000000`, {});
    await store().create(`runs/${run}/chunks/peer-a.000002/more/x`, {});
    const listed = await store().list(`runs/${run}/chunks`);
    expect(listed.map(({ fields }) => fields['id'])).toEqual([...ids].sort());
    expect(await store().list(`runs/${uniqueName()}/chunks`)).toEqual([]);
  });

  test('the last n of a collection are those with the greatest ids, ascending', async () => {
    const run = uniqueName();
    for (const id of ['d', 'a', 'c', 'b'])
      await store().create(`runs/${run}/reports/${id}`, { id });
    const idsOf = async (last: number) =>
      (await store().list(`runs/${run}/reports`, { last })).map(({ fields }) => fields['id']);
    expect(await idsOf(2)).toEqual(['c', 'd']);
    expect(await idsOf(0)).toEqual([]);
    expect(await idsOf(9)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('a range of a collection: by prefix, after an id, the first n', async () => {
    const collection = `runs/${uniqueName()}/reports`;
    const own = ['peer-1.000000', 'peer-1.000001', 'peer-1.last'];
    const others = ['peer-10.000000', 'peer-1\u{e9}', 'peer-2.0'];
    for (const id of [...others, ...own]) await store().create(`${collection}/${id}`, { id });
    const idsOf = async (options: ListOptions) =>
      (await store().list(collection, options)).map(({ fields }) => fields['id']);
    expect(await idsOf({ prefix: 'peer-1.' })).toEqual(own);
    expect(await idsOf({ prefix: 'peer-1.', after: own[0]! })).toEqual(own.slice(1));
    expect(await idsOf({ prefix: 'peer-1.', after: own[0]!, first: 1 })).toEqual([own[1]]);
    expect(await idsOf({ prefix: 'peer-1.', after: 'peer-1.last', first: 9 })).toEqual([]);
    expect(await idsOf({ after: 'peer-1.\u{f8ff}', first: 2 })).toEqual(others.slice(0, 2));
    expect(await idsOf({ first: 2, bytes: false })).toEqual(own.slice(0, 2));
    expect(await idsOf({ first: 0 })).toEqual([]);
    expect(await idsOf({ prefix: 'peer-9' })).toEqual([]);
  });

  test('a list of chunks may leave their bytes out, and comes over many pages', async () => {
    const run = uniqueName();
    const indices = Array.from({ length: 40 }, (_, index) => index);
    const chunk = (index: number) => ({ peerId: 'a', index, deliveries: 1, multicasts: 0 });
    await Promise.all(
      indices.map((index) =>
        store().create(
          `runs/${run}/chunks/a.${String(index).padStart(6, '0')}`,
          chunk(index),
          Uint8Array.of(index),
        ),
      ),
    );
    const full = await store().list(`runs/${run}/chunks`);
    expect(full.map(({ fields, bytes }) => [fields['index'], ...bytes])).toEqual(
      indices.map((index) => [index, index]),
    );
    const bare = await store().list(`runs/${run}/chunks`, { bytes: false });
    expect(bare.map(({ fields }) => fields)).toEqual(indices.map(chunk));
    expect(bare.every(({ bytes }) => bytes.length === 0)).toBe(true);
    const last = await store().list(`runs/${run}/chunks`, { bytes: false, last: 20 });
    expect(last.map(({ fields }) => fields['index'])).toEqual(indices.slice(20));
  });
}

function describeTransactions(store: () => Store): void {
  test('of twenty transactions that take the same lease exactly one wins', async () => {
    const lease = `leases/${uniqueName()}`;
    const runs = Array.from({ length: 20 }, uniqueName);
    const take = (run: string) =>
      store().transact(async (transaction) => {
        if ((await transaction.read(lease)) !== undefined) return false;
        transaction.replace(lease, { run });
        transaction.create(`runs/${run}`, { run });
        return true;
      });
    const won = await Promise.all(runs.map(take));
    expect(won.filter(Boolean)).toHaveLength(1);
    const winner = runs[won.indexOf(true)]!;
    expect((await store().read(lease))!.fields).toEqual({ run: winner });
    const stored = await Promise.all(runs.map((run) => store().read(`runs/${run}`)));
    expect(stored.filter((run) => run !== undefined)).toHaveLength(1);
  });

  test('transactions that change one document follow each other, and none is lost', async () => {
    const path = `peers/${uniqueName()}`;
    await store().replace(path, { count: 0 });
    const increase = () =>
      store().transact(async (transaction) => {
        const count = (await transaction.read(path))!.fields['count'] as number;
        transaction.replace(path, { count: count + 1 });
      });
    await Promise.all([increase(), increase(), increase(), increase()]);
    expect((await store().read(path))!.fields).toEqual({ count: 4 });
  });

  test('a transaction that creates what exists fails as a whole', async () => {
    const [old, fresh] = [`runs/${uniqueName()}`, `runs/${uniqueName()}`];
    await store().create(old, { by: 'first' });
    const clash = store().transact((transaction) => {
      transaction.create(fresh, {});
      transaction.create(old, { by: 'second' });
      return Promise.resolve();
    });
    await expect(clash).rejects.toThrow(AlreadyExistsError);
    expect(await store().read(fresh)).toBeUndefined();
    expect((await store().read(old))!.fields).toEqual({ by: 'first' });
  });

  test('a transaction whose work throws writes nothing', async () => {
    const path = `runs/${uniqueName()}`;
    const failed = store().transact((transaction) => {
      transaction.create(path, {});
      return Promise.reject(new Error('changed its mind'));
    });
    await expect(failed).rejects.toThrow('changed its mind');
    expect(await store().read(path)).toBeUndefined();
  });

  test('a read after a write is refused', async () => {
    const path = `runs/${uniqueName()}`;
    const late = store().transact(async (transaction) => {
      transaction.create(path, {});
      await transaction.read(path);
    });
    await expect(late).rejects.toThrow(/read/i);
  });
}
