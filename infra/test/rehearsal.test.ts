import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Rehearsal } from '../rehearsal/rehearse.ts';

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
  const rehearsal = new Rehearsal();
  assert.equal(await rehearsal.deploy(), 0);
  assert.equal(await rehearsal.deploy('--new-secret'), 0);
  assert.equal(rehearsal.google.secretVersions.length, 2);
  assert.equal(rehearsal.pulumi.settings['secretVersion'], '2');
});

describe('a deployment that is killed', () => {
  // The phases of one: APIs, accounts and network, roles, the database's policies, functions, machines.
  for (const began of [1, 40, 80, 118, 130]) {
    test(`after ${began} creations began goes on when it is called again, as its messages say`, async () => {
      const rehearsal = new Rehearsal();
      rehearsal.pulumi.killAfter = began;
      const status = await rehearsal.deploy();
      if (rehearsal.pulumi.killAfter === null) {
        assert.notEqual(status, 0);
        assert.notEqual(await rehearsal.deploy(), 0);
        assert.match(rehearsal.tools.transcript, /pulumi cancel --stack mpcomm/);
        await rehearsal.tools.tell('pulumi', ['cancel', '--stack', 'mpcomm', '--yes']);
        if ((await rehearsal.deploy('--refresh')) !== 0) {
          // What was being made is there, and Pulumi knows nothing of it.
          assert.match(rehearsal.tools.transcript, /Pulumi knows nothing of/);
          await rehearsal.tools.tell('pulumi', ['refresh', '--stack', 'mpcomm']);
          assert.equal(await rehearsal.deploy(), 0, rehearsal.tools.transcript.slice(-3_000));
        }
      }
      assert.deepEqual(rehearsal.deadFunctions, []);
      assert.equal(rehearsal.google.machines.size, 8);
      assert.equal(await rehearsal.destroy(), 0);
      assert.deepEqual([...rehearsal.google.made.keys()], []);
      assert.deepEqual([rehearsal.google.functions.size, rehearsal.google.machines.size], [0, 0]);
    });
  }
});
