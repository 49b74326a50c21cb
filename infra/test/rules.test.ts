import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import * as gcp from '@pulumi/gcp';
import { findViolations } from '../rules/find-violations.ts';
import type { Resource } from '../rules/resource.ts';
import { ADDITIONS, bucket, machine, subscription } from './additions.ts';
import { type Graph, graphOf, named } from './graph.ts';
import { firewall } from './network-additions.ts';

/** Adds to a sound stack what somebody might add in passing; gives what the rules say of it. */
async function violationsWith(addMore: () => unknown): Promise<string[]> {
  const { resources } = await graphOf(undefined, () => void addMore());
  return findViolations(resources);
}

describe('resources that keep the rules', () => {
  test('may be added', async () => {
    const violations = await violationsWith(() => {
      new gcp.compute.Instance('more', machine);
      new gcp.pubsub.Subscription('more', subscription);
      new gcp.storage.Bucket('more', bucket);
      new gcp.compute.Firewall('more', firewall);
    });
    assert.deepEqual(violations, []);
  });
});

describe('behind the program’s back', () => {
  let violations: readonly string[] = [];

  before(async () => {
    // All of them in one stack: a rule that is broken in one resource hides no other.
    violations = await violationsWith(() => {
      for (const [index, [, add]] of ADDITIONS.entries()) add(`added-${index}`);
    });
  });

  for (const [index, [what, , expected]] of ADDITIONS.entries()) {
    test(`${what} is seen`, () => {
      const own = violations.filter((violation) => violation.includes(` added-${index}: `));
      const texts = own.map((violation) => violation.replace(`added-${index}`, 'NAME'));
      assert.ok(
        texts.some((text) => expected.test(text)),
        `${String(expected)} is not in ${JSON.stringify(texts)}`,
      );
    });
  }
});

describe('a change of what there is', () => {
  let graph: Graph;

  before(async () => {
    graph = await graphOf();
  });

  /** The stack with one resource changed, as an edit of the program would. */
  function violationsAfter(
    name: string,
    change: (inputs: Record<string, unknown>) => void,
  ): string[] {
    const { type, inputs } = named(graph, name);
    const changed = structuredClone(inputs) as Record<string, unknown>;
    change(changed);
    const resources = graph.resources.map((resource): Resource =>
      resource.name === name && resource.type === type ? { type, name, inputs: changed } : resource,
    );
    return findViolations(resources);
  }

  const service = (inputs: Record<string, unknown>) =>
    inputs['serviceConfig'] as Record<string, unknown>;
  const changes: readonly (readonly [string, (inputs: Record<string, unknown>) => void, string])[] =
    [
      [
        'function-run',
        (inputs) => delete service(inputs)['maxInstanceCount'],
        'has no bound on its instances',
      ],
      [
        'function-run',
        (inputs) => delete service(inputs)['serviceAccountEmail'],
        'runs as no account of ours',
      ],
      [
        'function-exit',
        (inputs) =>
          (service(inputs)['serviceAccountEmail'] =
            'mpcomm-compare@my-laboratory.iam.gserviceaccount.com'),
        'shares its account with another',
      ],
      [
        'function-run',
        (inputs) => delete (inputs['buildConfig'] as Record<string, unknown>)['serviceAccount'],
        'is built by no account of ours',
      ],
      [
        'function-compare',
        (inputs) => delete (inputs['eventTrigger'] as Record<string, unknown>)['retryPolicy'],
        'does not say that an event is to be repeated',
      ],
      [
        'schedule-expire',
        (inputs) => delete (inputs['httpTarget'] as Record<string, unknown>)['oidcToken'],
        'calls without an identity of ours',
      ],
      ['database', (inputs) => delete inputs['deletionPolicy'], 'outlives the stack'],
      [
        'database',
        (inputs) => (inputs['deleteProtectionState'] = 'DELETE_PROTECTION_ENABLED'),
        'is protected from deletion',
      ],
      [
        'rules',
        (inputs) =>
          (inputs['source'] = { files: [{ content: 'match /x { allow read: if true; }' }] }),
        'lets clients into the database',
      ],
      [
        'datagram-secret',
        (inputs) => (inputs['deletionProtection'] = true),
        'is protected from deletion',
      ],
      ['group-peer-0', (inputs) => delete inputs['autoHealingPolicies'], 'heals nothing'],
      [
        'group-peer-0',
        (inputs) =>
          ((inputs['autoHealingPolicies'] as Record<string, unknown>)['initialDelaySec'] = 30),
        'heals before a machine had time to start',
      ],
      [
        'group-peer-0',
        (inputs) => ((inputs['updatePolicy'] as Record<string, unknown>)['maxSurgeFixed'] = 1),
        'starts a second machine beside the first',
      ],
      [
        'subnetwork-us-west1',
        (inputs) => delete inputs['privateIpGoogleAccess'],
        'is without Private Google Access',
      ],
      ['artifacts', (inputs) => delete inputs['versioning'], 'keeps no versions'],
      [
        'api-pubsub',
        (inputs) => delete inputs['disableOnDestroy'],
        'would be turned off for others too',
      ],
      ['budget', (inputs) => (inputs['thresholdRules'] = []), 'tells nobody'],
      ['commands', (inputs) => delete inputs['labels'], 'has no label'],
    ];
  for (const [name, change, problem] of changes) {
    test(`${name}: ${problem}`, () => {
      const violations = violationsAfter(name, change);
      assert.ok(
        violations.some((violation) => violation.endsWith(` ${name}: ${problem}`)),
        JSON.stringify(violations),
      );
    });
  }

  test('a stack without a budget is not complete', () => {
    const without = graph.resources.filter(({ name }) => name !== 'budget');
    assert.deepEqual(findViolations(without), ['billing.Budget: there is none']);
  });
});
