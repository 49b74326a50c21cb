import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { stateDirectoryAt } from '../../../local/state-directory.ts';
import {
  judgeState,
  SCARCE_BYTES,
  whyUnwritable,
  type StateFacts,
} from '../../../local/state/state-watch.ts';
import { SmallDisk } from '../../support/small-disk.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const WELL: StateFacts = {
  isClaimed: true,
  storeInode: 7n,
  unwritable: null,
  freeBytes: 2 ** 30,
  clockAheadMs: 0,
};

function judge(change: Partial<StateFacts>, before: Partial<StateFacts> = {}) {
  return judgeState('/state', { ...WELL, ...before }, { ...WELL, ...change });
}

describe('a laboratory that looks after its files', () => {
  test('says nothing while all is well, however small the changes are', () => {
    const quiet = { lost: null, notes: [] };
    expect(judge({})).toEqual(quiet);
    expect(judge({ freeBytes: SCARCE_BYTES, clockAheadMs: -4_999 })).toEqual(quiet);
    expect(judge({ freeBytes: null })).toEqual(quiet);
  });

  test.each<[string, Partial<StateFacts>, RegExp]>([
    ['the directory was deleted', { isClaimed: false, storeInode: null }, /\/state was deleted/],
    ['the store was deleted', { storeInode: null }, /store in \/state was deleted/],
    ['the store was replaced', { storeInode: 8n }, /store in \/state was replaced/],
  ])('cannot stay up once %s', (_what, change, reason) => {
    expect(judge(change).lost).toMatch(reason);
  });

  test('takes nothing for lost that could not be looked at, or that never was there', () => {
    expect(judge({ storeInode: 'unknown' }).lost).toBeNull();
    expect(judge({ storeInode: 8n }, { storeInode: 'unknown' }).lost).toBeNull();
    // Google's emulators keep their documents elsewhere.
    expect(judge({ storeInode: null }, { storeInode: null }).lost).toBeNull();
  });

  test.each<[Partial<StateFacts>, RegExp, RegExp]>([
    [{ unwritable: 'the file system is read-only' }, /cannot be .*read-only/, /written again/],
    [{ freeBytes: SCARCE_BYTES - 1 }, /nearly full \(16\.0 MiB are free\)/, /has room again/],
    [{ freeBytes: 4_096 }, /is full: deliveries wait .* \(0\.0 MiB are free\)/, /has room again/],
    [{ clockAheadMs: 3_600_000 }, /set forward by 3600 s/, /set back by 3600 s/],
  ])('tells once of %j, and once of its end', (change, begins, ends) => {
    expect(judge(change).notes).toEqual([expect.stringMatching(begins)]);
    expect(judge(change, change).notes).toEqual([]);
    expect(judge({}, change).notes).toEqual([expect.stringMatching(ends)]);
    expect(judge(change).lost).toBeNull();
  });
});

const folder = temporaryDirectory();

test('a store that can be written, or is not there, has no trouble', async () => {
  expect(await whyUnwritable(stateDirectoryAt(folder))).toBeNull();
  expect(await whyUnwritable(stateDirectoryAt(join(folder, 'absent')))).toBeNull();
});

const disk = SmallDisk.mount(1);
afterAll(() => disk?.unmount());

(disk === null ? test.skip : test)(
  'one on a full disk is called that, with the cure (skipped where nothing may be mounted)',
  async () => {
    const directory = stateDirectoryAt(disk!.path);
    disk!.fill();
    expect(await whyUnwritable(directory)).toBe(
      `${directory.stateFile} cannot be written: the file system is full; make room, or name another ` +
        'folder with --state',
    );
    disk!.empty();
    expect(await whyUnwritable(directory)).toBeNull();
    disk!.makeReadOnly();
    expect(await whyUnwritable(directory)).toContain('the file system is read-only');
  },
);
