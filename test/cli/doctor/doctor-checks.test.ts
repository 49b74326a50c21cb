import { describe, expect, test } from '@jest/globals';
import { gather, renderChecks, type Check, type Gathered } from '../../../cli/doctor/check.ts';
import { checkProject } from '../../../cli/doctor/google-checks.ts';
import { APIS, type ProjectFacts } from '../../../cli/doctor/google-facts.ts';
import { checkLocal } from '../../../cli/doctor/local-checks.ts';
import type { LocalFacts } from '../../../cli/doctor/local-facts.ts';
import {
  checkLaboratoryClock,
  checkPeers,
  type PeerCures,
} from '../../../cli/doctor/peer-checks.ts';
import type { LastRun, MemberWitness, PeerFacts } from '../../../cli/doctor/peer-facts.ts';
import { PLAIN } from '../../../cli/shell/terminal.ts';
import type { RunPlan } from '../../../control/command.ts';
import { NOW_MS, registryEntry, ZONES } from '../../support/control-fixtures.ts';

function known<Fact>(fact: Fact): Gathered<Fact> {
  return { known: true, fact };
}

function unknown(why: string, cure: string | null = null): Gathered<never> {
  return { known: false, why, cure };
}

function named(checks: readonly Check[], name: string): Check | undefined {
  return checks.find((check) => check.name === name);
}

const CURES: PeerCures = {
  stale: (peerId, zone) => `look at ${peerId} in ${zone}`,
  left: (peerId, zone) => `start ${peerId} in ${zone}`,
  none: 'start some',
  unheard: 'open the port',
  probe: 'probe',
};

const machine: LocalFacts = {
  nodeVersion: '24.21.0',
  port: known(4_711),
  datagramMs: known(0.4),
  sqlite: known(true),
  stateDirectory: known('.mpcomm'),
  space: known({ freeBytes: 2 ** 34, freeFiles: 1e6 }),
  store: known({ bytes: 2 ** 20, isChecked: true }),
  exposed: known([]),
  emulators: known({ installation: undefined, reason: 'There is no working Java on the PATH.' }),
  laboratory: known(null),
};

describe('this machine', () => {
  test('is in order without emulators, unless those are wanted', () => {
    expect(checkLocal(machine, false).some(({ state }) => state === 'wrong')).toBe(false);
    const emulators = named(checkLocal(machine, true), 'emulators');
    expect(emulators).toMatchObject({ state: 'wrong', detail: expect.stringContaining('Java') });
  });

  test.each<[string, Partial<LocalFacts>, RegExp]>([
    ['node', { nodeVersion: '20.19.0' }, /older than 24/],
    ['tcp loopback', { port: unknown('EACCES') }, /EACCES/],
    ['udp loopback', { datagramMs: unknown('no answer within 3 s') }, /no answer/],
    ['sqlite', { sqlite: known(false) }, /not there/],
    ['state directory', { stateDirectory: unknown('EACCES: permission denied') }, /permission/],
    [
      'free space',
      { space: known({ freeBytes: 2 ** 20, freeFiles: null }) },
      /only 1 MiB are free/,
    ],
    ['free space', { space: known({ freeBytes: 2 ** 34, freeFiles: 7 }) }, /only 7 more files/],
    ['store', { store: unknown('state.sqlite is damaged') }, /damaged/],
    [
      'permissions',
      { exposed: known([{ path: 'secret', problem: 'it is known', mode: 0o600 }]) },
      /secret: it is known/,
    ],
  ])('%s can be what is wrong', (name, change, detail) => {
    const check = named(checkLocal({ ...machine, ...change }, false), name);
    expect(check).toMatchObject({ state: 'wrong', detail: expect.stringMatching(detail) });
  });
});

describe('what is worth knowing of this machine and stops nothing', () => {
  test.each<[string, Partial<LocalFacts>, RegExp]>([
    ['free space', { space: known({ freeBytes: 2 ** 26, freeFiles: null }) }, /64 MiB are free/],
    ['store', { store: known(null) }, /none yet/],
    ['store', { store: known({ bytes: 2 ** 31, isChecked: false }) }, /too large/],
  ])('%s', (name, change, detail) => {
    const check = named(checkLocal({ ...machine, ...change }, false), name);
    expect(check).toMatchObject({ state: 'note', detail: expect.stringMatching(detail) });
  });

  test('a clock that was set while the laboratory was up', () => {
    expect(checkLaboratoryClock(NOW_MS, NOW_MS + 4_000)).toEqual([]);
    expect(checkLaboratoryClock(NOW_MS, NOW_MS + 3_600_000)[0]?.detail).toContain(
      '3600.0 s behind',
    );
    expect(checkLaboratoryClock(NOW_MS, NOW_MS - 3_600_000)[0]?.detail).toContain('3600.0 s ahead');
  });
});

describe('the peers', () => {
  const registry = [1, 2, 3].map((number) => registryEntry(number));
  const ids = registry.map(({ peerId }) => peerId);
  const plan: RunPlan = {
    runId: '20260131-120000-00000000',
    ordering: 'unordered',
    messages: 1,
    intervalMs: { min: 10, max: 99 },
    payloadBytes: 0,
    seed: 1,
    members: registry.map(
      ({ startedAtMs: _started, heartbeatAtMs: _beat, protocol: _protocol, ...member }) => member,
    ),
    createdAtMs: NOW_MS - 600_000,
    joinByMs: NOW_MS,
    deadlineMs: NOW_MS,
  };
  const witness = (roundTripMs: Record<string, number>, missing: string[] = []): MemberWitness => ({
    outcome: 'complete',
    missing,
    roundTripMs,
  });
  const lastRun = (reports: [string, MemberWitness][]): Gathered<LastRun> =>
    known({ plan, reports: new Map(reports) });
  const whole = lastRun([
    ['peer-1', witness({ 'peer-2': 73, 'peer-3': 8.25 })],
    ['peer-2', witness({ 'peer-3': 120 })],
    ['peer-3', witness({})],
  ]);
  const facts: PeerFacts = { nowMs: NOW_MS, registry: known(registry), lastRun: whole };
  const check = (change: Partial<PeerFacts>) => checkPeers({ ...facts, ...change }, CURES);

  test('are in order when all live and heard each other; one measurement of a pair is enough', () => {
    expect(check({}).map(({ state }) => state)).toEqual(['ok', 'ok']);
    expect(named(check({}), 'udp')!.detail).toBe(
      '3 pairs of peers answered each other, round trips 8.3 to 120 ms ' +
        '(run 20260131-120000-00000000, 10 min ago)',
    );
  });

  test('one that is silent is named, with since when and where to look', () => {
    const stale = [registryEntry(1), registryEntry(2, NOW_MS - 3_600_000 * 5)];
    expect(named(check({ registry: known(stale) }), 'peers')).toEqual({
      name: 'peers',
      state: 'wrong',
      detail: '1 of 2 registered peers live; peer-2 silent for 5 h',
      cure: `look at peer-2 in ${ZONES[2]}`,
    });
  });

  test('one that was taken away a month ago is no trouble', () => {
    const old = [registryEntry(1), registryEntry(2, NOW_MS - 30 * 86_400_000)];
    expect(named(check({ registry: known(old) }), 'peers')!.state).toBe('ok');
  });

  test('none at all is', () => {
    expect(named(check({ registry: known([]) }), 'peers')).toMatchObject({ cure: 'start some' });
    const old = [registryEntry(2, NOW_MS - 30 * 86_400_000)];
    expect(named(check({ registry: known(old) }), 'peers')!.state).toBe('wrong');
  });

  test('one whose clock is ahead is named, in seconds', () => {
    const ahead = [registryEntry(1), registryEntry(2, NOW_MS + 7_400)];
    expect(named(check({ registry: known(ahead) }), 'clock of peers')!.detail).toBe(
      'ahead of this machine: peer-2 by 7.4 s',
    );
  });

  test('those who never answered each other, or never reported, are named', () => {
    const cut = lastRun([
      ['peer-1', witness({ 'peer-2': 73 }, ['peer-3'])],
      ['peer-2', witness({ 'peer-3': 9 })],
      ['peer-3', witness({})],
    ]);
    expect(named(check({ lastRun: cut }), 'udp')).toMatchObject({
      state: 'wrong',
      detail: expect.stringContaining('never answered each other: peer-1 and peer-3'),
      cure: 'open the port',
    });
    const lost = lastRun([['peer-1', witness({ 'peer-2': 73, 'peer-3': 8 })]]);
    expect(named(check({ lastRun: lost }), 'udp')!.detail).toContain('no report of peer-2, peer-3');
  });

  test('without a run there is nothing to say, and how to get one', () => {
    expect(named(check({ lastRun: known(null) }), 'udp')).toMatchObject({
      state: 'note',
      cure: 'probe',
    });
    expect(ids).toHaveLength(3);
  });
});

describe('the project', () => {
  const subscription = (peer: string, change = {}) => ({
    name: `mpcomm-${peer}`,
    topic: 'mpcomm-commands',
    expiresAfterSeconds: null,
    ...change,
  });
  const facts: ProjectFacts = {
    project: 'my-project',
    topicName: 'mpcomm-commands',
    disabledApis: known([]),
    topic: known(true),
    subscriptions: known([subscription('peer-1'), subscription('peer-2')]),
    clockMs: known(-400),
  };
  const check = (change: Partial<ProjectFacts>, name: string) =>
    named(checkProject({ ...facts, ...change }, ['peer-1', 'peer-2']), name);

  test('is in order', () => {
    const states = checkProject(facts, ['peer-1', 'peer-2']).map(({ state }) => state);
    expect(states).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect(APIS).toContain('run.googleapis.com');
  });

  test.each<[string, Partial<ProjectFacts>, string, RegExp]>([
    [
      'an API that is off',
      { disabledApis: known(['run.googleapis.com']) },
      'apis',
      /gcloud services enable run\.googleapis\.com --project my-project/,
    ],
    ['no topic', { topic: known(false) }, 'topic', /npm run deploy -- --refresh/],
    [
      'a peer without a subscription',
      { subscriptions: known([subscription('peer-1')]) },
      'subscriptions',
      /npm run deploy -- --refresh makes it/,
    ],
    [
      'a subscription whose topic was deleted',
      {
        subscriptions: known([
          subscription('peer-1'),
          subscription('peer-2', { topic: '_deleted-topic_' }),
        ]),
      },
      'subscriptions',
      /subscriptions delete mpcomm-peer-2/,
    ],
    [
      'one that expires',
      {
        subscriptions: known([
          subscription('peer-1'),
          subscription('peer-2', { expiresAfterSeconds: 2_678_400 }),
        ]),
      },
      'subscriptions',
      /--expiration-period never/,
    ],
    ['a clock that is off', { clockMs: known(61_000) }, 'clock', /timedatectl/],
    [
      'a question that was refused',
      { topic: unknown('this account may not', 'grant it') },
      'topic',
      /grant it/,
    ],
  ])('%s is wrong, with its cure', (_, change, name, cure) => {
    expect(check(change, name)).toMatchObject({
      state: 'wrong',
      cure: expect.stringMatching(cure),
    });
  });
});

test('a question that hangs becomes its own answer', async () => {
  const hanging = await gather(() => new Promise<never>(() => undefined), 20);
  expect(hanging).toEqual({ known: false, why: 'no answer within 0.02 s', cure: null });
});

test('each check is one line, with its cure at the end', () => {
  const checks: Check[] = [
    { name: 'a', state: 'ok', detail: 'fine', cure: null },
    { name: 'topic', state: 'wrong', detail: 'none', cure: 'npm run deploy' },
  ];
  expect(renderChecks(checks, PLAIN).split('\n')).toEqual([
    'ok    a      fine',
    'FIX   topic  none: npm run deploy',
  ]);
});
