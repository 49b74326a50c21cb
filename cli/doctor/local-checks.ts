import { checkOf, note, ok, wrong, type Check } from './check.ts';
import type { LocalFacts, Space, StoreSize } from './local-facts.ts';
import type { Exposure } from '../../local/state/permissions.ts';
import { SCARCE_BYTES } from '../../local/state/state-watch.ts';

const NODE_MAJOR_MIN = 24;

/** What this machine can do; `wantsEmulators` makes their absence something to mend. */
export function checkLocal(facts: LocalFacts, wantsEmulators: boolean): Check[] {
  return [
    checkNode(facts.nodeVersion),
    checkOf('tcp loopback', facts.port, (port) =>
      ok('tcp loopback', `port ${port} could be bound`),
    ),
    checkOf('udp loopback', facts.datagramMs, (ms) =>
      ok('udp loopback', `a datagram arrived after ${ms.toFixed(1)} ms`),
    ),
    checkOf('sqlite', facts.sqlite, (isRead) =>
      isRead
        ? ok('sqlite', 'a document was written and read')
        : wrong('sqlite', 'a document that was written is not there', 'report this as a defect'),
    ),
    checkOf('state directory', facts.stateDirectory, (path) => ok('state directory', path)),
    checkOf('free space', facts.space, checkSpace),
    checkOf('store', facts.store, checkStore),
    checkOf('permissions', facts.exposed, checkExposed),
    checkEmulators(facts, wantsEmulators),
    checkOf('laboratory', facts.laboratory, (record) =>
      record === null
        ? note('laboratory', 'none is up here', 'mpcomm up starts one that stays')
        : ok('laboratory', `process ${record.pid}, ${record.backend}, ${record.url ?? 'starting'}`),
    ),
  ];
}

const MEBIBYTE = 1_048_576;
/** A run of the greatest size fills a few hundred MiB; a small one needs next to nothing. */
const SPACE_BYTES_AMPLE = 512 * MEBIBYTE;
const FILES_MIN = 100;

function checkSpace({ freeBytes, freeFiles }: Space): Check {
  const room = `${Math.floor(freeBytes / MEBIBYTE)} MiB are free`;
  const cure = 'make room, or name another folder with --state';
  if (freeFiles !== null && freeFiles < FILES_MIN) {
    return wrong('free space', `${room}, but only ${freeFiles} more files can be created`, cure);
  }
  if (freeBytes < SCARCE_BYTES) return wrong('free space', `only ${room}`, cure);
  return freeBytes < SPACE_BYTES_AMPLE
    ? note('free space', `${room}, which a large run may fill`, cure)
    : ok('free space', room);
}

function checkStore(store: StoreSize | null): Check {
  if (store === null) return note('store', 'there is none yet');
  const size = `${(store.bytes / MEBIBYTE).toFixed(1)} MiB`;
  return store.isChecked
    ? ok('store', `${size}, looked through and in order`)
    : note('store', `${size}: too large to be looked through here`);
}

function checkExposed(exposed: readonly Exposure[]): Check {
  if (exposed.length === 0)
    return ok('permissions', 'other users cannot change or read what is secret');
  const what = exposed.map(({ path, problem }) => `${path}: ${problem}`).join('; ');
  return wrong('permissions', what, 'chmod go-rwx there; mpcomm up does so where it may');
}

function checkNode(version: string): Check {
  const major = Number(version.split('.')[0]);
  if (major >= NODE_MAJOR_MIN) return ok('node', `Node ${version}`);
  return wrong(
    'node',
    `Node ${version} is older than ${NODE_MAJOR_MIN}`,
    'npm ci brings the right one',
  );
}

function checkEmulators({ emulators }: LocalFacts, wanted: boolean): Check {
  const absent = wanted ? wrong : note;
  if (!emulators.known) return absent('emulators', emulators.why, emulators.cure);
  const { installation, reason } = emulators.fact;
  if (installation !== undefined) {
    return ok('emulators', 'Java and both of Google’s emulators were found');
  }
  return absent(
    'emulators',
    reason.replace(/\.$/, ''),
    wanted ? null : 'only needed for --backend emulators',
  );
}
