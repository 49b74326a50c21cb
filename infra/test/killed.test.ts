import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Rehearsal } from '../rehearsal/rehearse.ts';
import { assertNothingLeft, assertWhole } from './whole.ts';

/** The fewest peers that there can be: what is tried here is the same for each. */
const PEERS = 2;
const FEW = ['--peers', String(PEERS)];

const DYNAMIC = 'pulumi-nodejs:dynamic:Resource';

/**
 * A kind of thing for each wave of a deployment: what begins at one time is under way together, and is left behind
 * together. Each wave is a phase in which a deployment can be killed.
 */
async function phases(): Promise<string[]> {
  const whole = new Rehearsal();
  assert.equal(await whole.deploy(...FEW, '--check-job', 'true'), 0, whole.tools.transcript);
  const first = new Map<number, string>();
  for (const [key, { atMs }] of whole.google.made) {
    if (!first.has(atMs)) first.set(atMs, key.split(' ')[0]!);
  }
  return [...new Set([...first.values(), DYNAMIC])];
}

/** What a command that is begun anew finds: it keeps nothing of its own between two calls. */
function worldOf({ clock, google, pulumi }: Rehearsal): string {
  const { functions, machines, made, secretVersions } = google;
  const there = [made, functions, machines].map((each) => [...each.entries()]);
  return JSON.stringify([
    clock.nowMs,
    there,
    secretVersions,
    pulumi.settings,
    pulumi.outputs?.peers,
  ]);
}

const PHASES = await phases();
const CANCEL = 'pulumi cancel --stack mpcomm --yes';

/** Follows the messages of a deployment that was killed until it is through. */
async function followMessages(killed: Rehearsal): Promise<void> {
  assert.notEqual(await killed.deploy(), 0);
  assert.ok(killed.tools.transcript.includes(CANCEL));
  await killed.type(CANCEL);
  if ((await killed.deploy('--refresh')) === 0) return;
  // What was being made is there, and Pulumi knows nothing of it.
  assert.match(killed.tools.transcript, /Pulumi knows nothing of/);
  await killed.type('pulumi refresh --stack mpcomm');
  assert.equal(await killed.deploy(), 0, killed.tools.transcript.slice(-3_000));
}

describe('a deployment whose Pulumi is killed', () => {
  test('can be killed in many phases', () => {
    assert.ok(PHASES.length > 8, PHASES.join());
  });

  for (const phase of PHASES) {
    test(`at ${phase} goes on as its messages say, and leaves nothing behind`, async () => {
      const killed = new Rehearsal();
      killed.pulumi.killAt = phase;
      assert.equal(await killed.deploy(...FEW, '--check-job', 'true'), 137);
      await followMessages(killed);
      assertWhole(killed, PEERS);
      assert.equal(await killed.destroy(), 0);
      assertNothingLeft(killed);
    });
  }
});

describe('a command that is killed itself', () => {
  test('after any call that it makes is begun anew by the same line', async () => {
    const whole = new Rehearsal();
    assert.equal(await whole.deploy(...FEW), 0);
    assert.ok(whole.tools.calls.length > 15);
    const worlds = new Set<string>();
    for (let call = 1; call <= whole.tools.calls.length; call += 1) {
      const killed = new Rehearsal();
      killed.tools.dieAtCall = call;
      assert.equal(await killed.deploy(...FEW), 137);
      // Most calls only ask: after those, the same command finds what it found after the call before.
      const world = worldOf(killed);
      if (worlds.has(world)) continue;
      worlds.add(world);
      assert.equal(await killed.deploy(...FEW), 0, killed.tools.transcript);
      assertWhole(killed, PEERS);
      // Nothing was done twice.
      assert.equal(killed.google.secretVersions.length, 1);
    }
    assert.ok(worlds.size > 3, [...worlds].join('\n'));
  });

  test('while it gives another secret, leaves no machines with different ones', async () => {
    const whole = new Rehearsal();
    await whole.deploy(...FEW);
    const before = whole.tools.calls.length;
    assert.equal(await whole.deploy('--new-secret'), 0);
    for (let call = before + 1; call <= whole.tools.calls.length; call += 1) {
      // Between two calls that change something, one is as good as another to die at.
      if (!/pulumi (?:config set-all|up)|versions add/.test(whole.tools.calls[call - 1]!)) continue;
      const killed = new Rehearsal();
      await killed.deploy(...FEW);
      killed.tools.dieAtCall = call;
      assert.equal(await killed.deploy('--new-secret'), 137);
      assert.equal(await killed.deploy(), 0, killed.tools.transcript);
      assertWhole(killed, PEERS);
    }
  });
});

describe('what is destroyed', () => {
  for (const phase of [
    'compute/instanceGroupManager:InstanceGroupManager',
    'compute/network:Network',
  ]) {
    test(`goes on where it was killed at ${phase}`, async () => {
      const rehearsal = new Rehearsal();
      assert.equal(await rehearsal.deploy(...FEW), 0);
      rehearsal.pulumi.killAt = phase;
      assert.equal(await rehearsal.destroy(), 137);
      assert.notEqual(await rehearsal.destroy(), 0);
      assert.ok(rehearsal.tools.transcript.includes(CANCEL));
      await rehearsal.type(CANCEL);
      assert.equal(await rehearsal.destroy(), 0, rehearsal.tools.transcript.slice(-2_000));
      assertNothingLeft(rehearsal);
    });
  }

  test('names machines of a killed deployment, which Pulumi knows nothing of, and how to delete them', async () => {
    const killed = new Rehearsal();
    killed.pulumi.killAt = 'compute/instanceGroupManager:InstanceGroupManager';
    assert.equal(await killed.deploy(...FEW), 137);
    await killed.type(CANCEL);
    assert.equal(await killed.destroy(), 1);
    assert.equal(killed.google.machines.size, PEERS);
    const said = killed.tools.transcript;
    assert.doesNotMatch(said.slice(said.lastIndexOf('$ pulumi destroy')), /^Destroyed\./m);
    const cures = [...said.matchAll(/^ {4}(gcloud .* delete .*)$/gm)];
    assert.equal(cures.filter(([line]) => line.includes('delete mpcomm-peer-')).length, PEERS);
    for (const [, cure] of cures) assert.equal(await killed.type(cure!), 0);
    assert.equal(await killed.destroy(), 0);
    assert.deepEqual([killed.google.machines.size, killed.google.functions.size], [0, 0]);
    // And nothing is in the way of another one. (Pulumi also wants its last program to have come to its end.)
    assert.equal(await killed.deploy(...FEW), 0, killed.tools.transcript.slice(-2_000));
    assertWhole(killed, PEERS);
  });
});
