import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { resolve } from 'node:path';
import { documentedCommands } from '../rehearsal/documented-commands.ts';
import { Newcomer } from '../rehearsal/newcomer.ts';
import { Rehearsal } from '../rehearsal/rehearse.ts';
import { assertNothingLeft, assertWhole } from './whole.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** What `npm run deploy` was like before it minded any of this. */
const BEFORE = { neverWaits: true, neverReplaces: true } as const;

/** Everybody's first deployment names what the stack cannot guess. */
function configure(rehearsal: Rehearsal, more: Readonly<Record<string, string>> = {}): void {
  Object.assign(rehearsal.pulumi.settings, {
    project: 'my-laboratory',
    billingAccount: '0A1B2C-3D4E5F-678901',
    invokers: 'alice@example.org',
    ...more,
  });
}

const secretsRead = ({ google }: Rehearsal): number[] => [...new Set(google.secretsRead.values())];

describe('roles that are known late', () => {
  test('without a wait: the first build fails, and the next call makes a dead function a success', async () => {
    const before = new Rehearsal({ agentMs: 0 }, BEFORE);
    configure(before);
    assert.notEqual(await before.up(), 0);
    assert.match(before.tools.transcript, /Access to bucket gcf-v2-sources-\d+-us-central1 denied/);
    assert.ok(before.deadFunctions.length > 0);
    await before.tools.pause(600_000);
    // What failed stays failed: an update of nothing, and then bindings of a service that is not there.
    const dead = before.deadFunctions.filter((name) => before.google.functions.has(name));
    await before.up();
    assert.match(before.tools.transcript, /~ {2}cloudfunctionsv2\/function:Function \S+ updated/);
    assert.ok(dead.every((name) => before.deadFunctions.includes(name)));
  });

  test('with it: the documented command deploys at its first attempt', async () => {
    const after = new Rehearsal();
    assert.equal(await after.deploy(), 0, after.tools.transcript);
    assert.deepEqual(after.deadFunctions, []);
    assert.equal(after.google.machines.size, 8);
    assert.doesNotMatch(after.tools.transcript, /Attempt 2/);
    assert.match(after.tools.transcript, /\nDeployed\. /);
  });

  test('later than was waited for: the same command repeats until they are known', async () => {
    const later = new Rehearsal({ propagationMs: 780_000, agentMs: 780_000 });
    assert.equal(await later.deploy(), 0, later.tools.transcript);
    assert.match(later.tools.transcript, /Attempt 2 of 4 comes in 3 minutes/);
    assert.match(later.tools.transcript, /is in the state FAILED: it is deleted, and built anew/);
    assert.deepEqual(later.deadFunctions, []);
  });

  test('never: it ends after a stated number of attempts, and says that it is not deployed', async () => {
    const never = new Rehearsal({ propagationMs: Infinity, agentMs: Infinity });
    assert.equal(await never.deploy(), 1);
    assert.match(never.tools.transcript, /Not deployed, after 4 attempts/);
    assert.doesNotMatch(never.tools.transcript, /\nDeployed\. /);
  });
});

describe('an agent of Eventarc that is denied at first', () => {
  test('without a wait: there is no function compare', async () => {
    const before = new Rehearsal({ propagationMs: 0 }, BEFORE);
    configure(before);
    assert.notEqual(await before.up(), 0);
    assert.match(
      before.tools.transcript,
      /Permission denied while using the Eventarc Service Agent/,
    );
    assert.ok(before.deadFunctions.includes('compare'));
  });

  test('with it, and with repetition where that was too short: there is', async () => {
    const after = new Rehearsal({ agentMs: 900_000 });
    assert.equal(await after.deploy(), 0, after.tools.transcript);
    assert.match(after.tools.transcript, /Eventarc's own agent does not have its permissions yet/);
    assert.deepEqual(after.deadFunctions, []);
  });
});

test('an agent that begins to be known only when it was refused, however long one waited before', async () => {
  const lazy = new Rehearsal({ agentIsLazy: true });
  assert.equal(await lazy.deploy(), 0, lazy.tools.transcript);
  assert.match(lazy.tools.transcript, /Attempt 2 of 4 comes in 3 minutes/);
  assertWhole(lazy);
});

describe('a build that fails once', () => {
  test('Pulumi replaces the function by itself, for the error of its initialization', async () => {
    const rehearsal = new Rehearsal({ unluckyBuilds: ['run'] });
    configure(rehearsal);
    assert.notEqual(await rehearsal.up(), 0);
    assert.equal(rehearsal.google.functions.get('run'), 'FAILED');
    assert.equal(await rehearsal.up(), 0, rehearsal.tools.transcript);
    assert.match(rehearsal.tools.transcript, /function-run replacing \[diff: #initerror\]/);
    assert.deepEqual(rehearsal.deadFunctions, []);
  });

  test('a refresh makes Pulumi forget that error, and the deployment does not', async () => {
    const rehearsal = new Rehearsal({ unluckyBuilds: ['compare'] });
    configure(rehearsal);
    assert.notEqual(await rehearsal.up(), 0);
    assert.equal(await rehearsal.deploy('--refresh'), 0, rehearsal.tools.transcript);
    assert.deepEqual(rehearsal.deadFunctions, []);
  });
});

describe('a quota of 12 vCPUs', () => {
  test('unseen: the stack is a success, with six of eight machines', async () => {
    const before = new Rehearsal({ vcpusMax: 12 });
    configure(before);
    assert.equal(await before.up(), 0);
    assert.equal(before.google.machines.size, 6);
  });

  test('seen: nothing is made before it fits, and what fits is said', async () => {
    const after = new Rehearsal({ vcpusMax: 12 });
    assert.equal(await after.deploy(), 1);
    assert.equal(after.google.made.size, 0);
    assert.match(after.tools.transcript, /--peers 6 fits/);
    assert.equal(await after.deploy('--peers', '6'), 0, after.tools.transcript);
    assert.equal(after.google.machines.size, 6);
  });
});

test('a person who is no Google account is named, and nothing is repeated', async () => {
  const rehearsal = new Rehearsal({ strangers: ['bob@example.org'] });
  assert.notEqual(await rehearsal.deploy(), 0);
  assert.match(rehearsal.tools.transcript, /bob@example\.org is no Google account/);
  assert.doesNotMatch(rehearsal.tools.transcript, /Attempt 2/);
  assert.equal(await rehearsal.deploy('--invokers', 'alice@example.org'), 0);
});

test('another secret has another number, which every machine is told', async () => {
  const rehearsal = new Rehearsal({ latestMs: 3_600_000 });
  assert.equal(await rehearsal.deploy(), 0);
  assert.deepEqual(secretsRead(rehearsal), [1]);
  assert.equal(await rehearsal.deploy('--new-secret'), 0);
  assert.equal(rehearsal.google.secretVersions.length, 2);
  assert.deepEqual(secretsRead(rehearsal), [2]);
  // By the name "latest" they would be parted, for hours.
  const latest = Array.from({ length: 8 }, (_, peer) => rehearsal.google.latestSecret(peer));
  assert.deepEqual([...new Set(latest)].sort(), [1, 2]);
});

test('a newcomer with nothing is told all that is missing, and the page has a command for each', async () => {
  const rehearsal = new Rehearsal({}, {}, undefined, new Newcomer());
  assert.notEqual(await rehearsal.deploy('--check'), 0);
  for (const command of documentedCommands(ROOT)) {
    const status = command.startsWith('npx ') ? 0 : await rehearsal.type(command);
    assert.equal(status, 0, `${command}\n${rehearsal.tools.transcript.slice(-2_000)}`);
    if (command.startsWith('npm run deploy')) assertWhole(rehearsal);
  }
  // Its last command is that of the end of the lesson.
  assertNothingLeft(rehearsal);
});

test('each thing that is missing is told with a command that brings it', async () => {
  const rehearsal = new Rehearsal({}, {}, undefined, new Newcomer());
  // An answer brings the next question: without an account, nobody can say what its project lacks.
  for (let turn = 0; turn < 10; turn += 1) {
    const from = rehearsal.tools.transcript.length;
    if ((await rehearsal.deploy('--check')) === 0) break;
    const said = rehearsal.tools.transcript.slice(from);
    const cures = [...said.matchAll(/^missing: .*\n {4}(gcloud .*)$/gm)];
    assert.ok(cures.length > 0, said);
    for (const [, cure] of cures) {
      assert.equal(await rehearsal.type(cure!.replace(/, or .*/, '')), 0, cure);
    }
  }
  assert.equal(await rehearsal.deploy(), 0);
  assertWhole(rehearsal);
});
