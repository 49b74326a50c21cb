import { checkOf, note, ok, wrong, type Check } from './check.ts';
import type { LocalFacts } from './local-facts.ts';

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
    checkEmulators(facts, wantsEmulators),
    checkOf('laboratory', facts.laboratory, (record) =>
      record === null
        ? note('laboratory', 'none is up here', 'mpcomm up starts one that stays')
        : ok('laboratory', `process ${record.pid}, ${record.backend}, ${record.url ?? 'starting'}`),
    ),
  ];
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
