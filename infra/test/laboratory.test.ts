import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { taskCommand } from '../check-job.ts';
import { ZONES_DEFAULT } from '../configuration.ts';
import { findViolations } from '../rules/find-violations.ts';
import { at, textsIn } from '../rules/resource.ts';
import { BUILDS, type Graph, graphOf, named, ofType, SETTINGS } from './graph.ts';

describe('a laboratory in the eight zones of the published experiments', () => {
  let graph: Graph;

  before(async () => {
    graph = await graphOf();
  });

  test('breaks no rule, in any of its resources', () => {
    assert.ok(graph.resources.length > 100, `only ${graph.resources.length} resources`);
    assert.deepEqual(findViolations(graph.resources), []);
  });

  test('names each resource once', () => {
    const names = graph.resources.map(({ type, name }) => `${type} ${name}`);
    assert.deepEqual(
      names.filter((name, index) => names.indexOf(name) !== index),
      [],
    );
  });

  test('has a group of one machine in each of them', () => {
    const groups = ofType(graph, 'compute/instanceGroupManager:InstanceGroupManager');
    const zones = groups.map(({ inputs }) => at(inputs, 'zone'));
    assert.deepEqual([...zones].sort(), [...ZONES_DEFAULT].sort());
    const templates = groups.map(({ inputs }) => at(inputs, 'versions', 0, 'instanceTemplate'));
    assert.equal(new Set(templates).size, groups.length);
  });

  test('has a subnetwork a region, and no two of them overlap', () => {
    const subnetworks = ofType(graph, 'compute/subnetwork:Subnetwork');
    assert.equal(subnetworks.length, ZONES_DEFAULT.length);
    const ranges = subnetworks.map(({ inputs }) => at(inputs, 'ipCidrRange'));
    assert.equal(new Set(ranges).size, ranges.length);
  });

  test('lets datagrams in from peers alone, and on one port', () => {
    const { inputs } = named(graph, 'firewall-datagrams');
    const peer = 'mpcomm-peer@my-laboratory.iam.gserviceaccount.com';
    assert.deepEqual(at(inputs, 'allows'), [{ protocol: 'udp', ports: ['4710'] }]);
    assert.deepEqual(at(inputs, 'sourceServiceAccounts'), [peer]);
    assert.deepEqual(at(inputs, 'targetServiceAccounts'), [peer]);
    assert.equal(at(inputs, 'sourceRanges'), undefined);
  });

  test('carries a datagram of 1,200 bytes whole', () => {
    const mtu = Number(at(named(graph, 'network').inputs, 'mtu'));
    assert.ok(mtu >= 1_200 + 8 + 20);
  });

  test('has its functions, its database and its schedule in us-central1', () => {
    const functions = ofType(graph, 'cloudfunctionsv2/function:Function');
    assert.deepEqual(functions.map(({ inputs }) => at(inputs, 'name')).sort(), [
      'compare',
      'exit',
      'expire',
      'run',
    ]);
    for (const { inputs } of functions) {
      assert.equal(at(inputs, 'location'), 'us-central1');
      assert.equal(at(inputs, 'buildConfig', 'entryPoint'), at(inputs, 'name'));
    }
    assert.equal(at(named(graph, 'database').inputs, 'locationId'), 'us-central1');
    assert.equal(at(named(graph, 'schedule-expire').inputs, 'region'), 'us-central1');
  });

  test('hides from the internet what nobody there has to call', () => {
    const ingress = (name: string) =>
      at(named(graph, `function-${name}`).inputs, 'serviceConfig', 'ingressSettings');
    assert.deepEqual(['compare', 'expire'].map(ingress), Array(2).fill('ALLOW_INTERNAL_ONLY'));
    assert.deepEqual(['run', 'exit'].map(ingress), Array(2).fill('ALLOW_ALL'));
  });

  test('lets the named people call run and exit, and nobody else', () => {
    const invokers = ofType(graph, 'cloudrunv2/serviceIamMember:ServiceIamMember').map(
      ({ inputs }) => `${String(at(inputs, 'name'))}: ${String(at(inputs, 'member'))}`,
    );
    assert.deepEqual(invokers.sort(), [
      'compare: serviceAccount:mpcomm-events@my-laboratory.iam.gserviceaccount.com',
      'exit: user:alice@example.org',
      'exit: user:bob@example.org',
      'expire: serviceAccount:mpcomm-schedule@my-laboratory.iam.gserviceaccount.com',
      'run: user:alice@example.org',
      'run: user:bob@example.org',
    ]);
  });

  /** Who holds a role on resources of one kind, without the project's domain. */
  const holders = (kind: string, role: string) =>
    ofType(graph, kind)
      .filter(({ inputs }) => at(inputs, 'role') === role)
      .map(({ inputs }) => String(at(inputs, 'member')).replace(/^\w+:(.*?)@.*/, '$1'))
      .sort();

  test('lets run, exit and expire publish commands, and nobody else', () => {
    const publishers = ofType(graph, 'pubsub/topicIAMMember:TopicIAMMember').filter(
      ({ inputs }) => at(inputs, 'topic') === 'mpcomm-commands',
    );
    const members = publishers.map(({ inputs }) => String(at(inputs, 'member')).split('@')[0]);
    assert.deepEqual(members.sort(), [
      'serviceAccount:mpcomm-exit',
      'serviceAccount:mpcomm-expire',
      'serviceAccount:mpcomm-run',
    ]);
  });

  test('lets peers alone read the secret', () => {
    const kind = 'secretmanager/secretIamMember:SecretIamMember';
    assert.equal(ofType(graph, kind).length, 1);
    assert.deepEqual(holders(kind, 'roles/secretmanager.secretAccessor'), ['mpcomm-peer']);
  });

  test('lets peers, run, compare and expire write documents, and the named people read them', () => {
    const kind = 'projects/iAMMember:IAMMember';
    assert.deepEqual(
      holders(kind, 'roles/datastore.user'),
      ['compare', 'expire', 'peer', 'run'].map((name) => `mpcomm-${name}`),
    );
    assert.deepEqual(holders(kind, 'roles/datastore.viewer'), ['alice', 'bob']);
    assert.deepEqual(holders(kind, 'roles/serviceusage.serviceUsageConsumer'), ['alice', 'bob']);
  });

  test('has no more than eight instances of functions, whatever calls them', () => {
    const instances = ofType(graph, 'cloudfunctionsv2/function:Function').map(({ inputs }) =>
      Number(at(inputs, 'serviceConfig', 'maxInstanceCount')),
    );
    assert.equal(
      instances.reduce((sum, each) => sum + each, 0),
      8,
    );
  });

  test('warns of a half, nine tenths and the whole of the budget, and of a forecast of it', () => {
    const rules = at(named(graph, 'budget').inputs, 'thresholdRules');
    assert.deepEqual(rules, [
      { thresholdPercent: 0.5, spendBasis: 'CURRENT_SPEND' },
      { thresholdPercent: 0.9, spendBasis: 'CURRENT_SPEND' },
      { thresholdPercent: 1, spendBasis: 'CURRENT_SPEND' },
      { thresholdPercent: 1, spendBasis: 'FORECASTED_SPEND' },
    ]);
  });

  test('calls compare for each new report, and again when that fails', () => {
    const trigger = at(named(graph, 'function-compare').inputs, 'eventTrigger');
    assert.deepEqual(trigger, {
      eventType: 'google.cloud.firestore.document.v1.created',
      triggerRegion: 'us-central1',
      eventFilters: [
        { attribute: 'database', value: '(default)' },
        {
          attribute: 'document',
          value: 'runs/{runId}/reports/{peerId}',
          operator: 'match-path-pattern',
        },
      ],
      retryPolicy: 'RETRY_POLICY_RETRY',
      serviceAccountEmail: 'mpcomm-events@my-laboratory.iam.gserviceaccount.com',
    });
  });

  test('calls expire every minute, with an identity', () => {
    const { inputs } = named(graph, 'schedule-expire');
    assert.equal(at(inputs, 'schedule'), '* * * * *');
    assert.deepEqual(at(inputs, 'httpTarget'), {
      uri: 'https://expire.run.app',
      httpMethod: 'POST',
      oidcToken: {
        serviceAccountEmail: 'mpcomm-schedule@my-laboratory.iam.gserviceaccount.com',
        audience: 'https://expire.run.app',
      },
    });
  });

  test('keeps commands for ten minutes, and evidence of refused ones for a week', () => {
    assert.equal(at(named(graph, 'commands').inputs, 'messageRetentionDuration'), '600s');
    const { inputs } = named(graph, 'commands-peer-7');
    assert.equal(at(inputs, 'name'), 'mpcomm-peer-7');
    assert.equal(at(inputs, 'messageRetentionDuration'), '600s');
    assert.equal(at(inputs, 'deadLetterPolicy', 'deadLetterTopic'), 'undelivered-id');
    assert.equal(
      at(named(graph, 'undelivered-kept').inputs, 'messageRetentionDuration'),
      '604800s',
    );
  });

  test('neither has nor makes the value of the secret', () => {
    assert.deepEqual(ofType(graph, 'secretmanager/secretVersion:SecretVersion'), []);
    const script = String(at(named(graph, 'template-peer-0').inputs, 'metadata', 'startup-script'));
    assert.match(script, /^readonly SECRET='mpcomm-datagram-secret'$/m);
    assert.match(script, /^readonly SECRET_VERSION='1'$/m);
  });

  test('has machines fetch this very version of what was built', () => {
    const script = String(at(named(graph, 'template-peer-3').inputs, 'metadata', 'startup-script'));
    for (const line of [
      `readonly PEER_ID='peer-3'`,
      `readonly ZONE='europe-north1-a'`,
      `readonly PEER_OBJECT='peer-${BUILDS.peer.sha256}.mjs'`,
      `readonly PEER_GENERATION='1700000000000001'`,
      `readonly PEER_SHA256='${BUILDS.peer.sha256}'`,
      `readonly NODE_SHA256='${BUILDS.node.sha256}'`,
    ]) {
      assert.ok(script.includes(`${line}\n`), line);
    }
  });

  test('uses Spot machines', () => {
    const scheduling = at(named(graph, 'template-peer-0').inputs, 'scheduling');
    assert.equal(at(scheduling, 'provisioningModel'), 'SPOT');
    assert.equal(at(scheduling, 'automaticRestart'), false);
  });

  test('tells where it can be reached', async () => {
    const { outputs } = graph;
    const promised = (output: unknown) => (output as { promise(): Promise<string> }).promise();
    assert.equal(await promised(outputs.runUrl), 'https://run.run.app');
    assert.equal(await promised(outputs.exitUrl), 'https://exit.run.app');
    assert.equal(outputs.peers[4], 'peer-4 in europe-west9-a');
  });
});

describe('other configurations break no rule either', () => {
  const others = {
    'fewer peers than zones, as a small quota allows': { peers: '6' },
    'a job that checks orderings': { checkJob: 'true' },
    'machines that stay': { spot: 'false', machineType: 'e2-small' },
    'as many peers as a run takes': { peers: '64' },
    'two zones of one region': { zones: 'us-west1-a,us-west1-b' },
    'another region and database': { region: 'europe-west1', database: 'mpcomm' },
    'one person, another port': { invokers: 'carol@example.org', udpPort: '5000' },
  };
  for (const [what, change] of Object.entries(others)) {
    test(what, async () => {
      const { resources } = await graphOf({ ...SETTINGS, ...change });
      assert.deepEqual(findViolations(resources), []);
    });
  }

  test('the job that checks is there only where it is asked for, and its tasks are bounded', async () => {
    const type = 'cloudrunv2/job:Job';
    assert.deepEqual(ofType(await graphOf(), type), []);
    const [job] = ofType(await graphOf({ ...SETTINGS, checkJob: 'true' }), type);
    const task = at(job!.inputs, 'template', 'template');
    assert.deepEqual([at(task, 'maxRetries'), at(task, 'timeout')], [3, '1800s']);
    const { sha256 } = BUILDS.check;
    assert.deepEqual(
      at(task, 'containers', 0, 'commands'),
      taskCommand(`check-${sha256}.mjs`, sha256),
    );
  });

  test('the job runs in the image that its setting pins', async () => {
    const image = `docker.io/library/node@sha256:${'d'.repeat(64)}`;
    const { resources } = await graphOf({ ...SETTINGS, checkJob: 'true', checkImage: image });
    const job = resources.find(({ name }) => name === 'check-job')!;
    assert.equal(at(job.inputs, 'template', 'template', 'containers', 0, 'image'), image);
    await assert.rejects(graphOf({ ...SETTINGS, checkImage: 'node' }), /checkImage is "node"/);
  });

  test('fewer peers take the first zones', async () => {
    const graph = await graphOf({ ...SETTINGS, peers: '4' });
    const groups = ofType(graph, 'compute/instanceGroupManager:InstanceGroupManager');
    assert.deepEqual(
      groups.map(({ inputs }) => at(inputs, 'zone')).sort(),
      ZONES_DEFAULT.slice(0, 4).sort(),
    );
  });

  test('machines that stay are moved, not taken away', async () => {
    const graph = await graphOf({ ...SETTINGS, spot: 'false' });
    const scheduling = at(named(graph, 'template-peer-0').inputs, 'scheduling');
    assert.equal(at(scheduling, 'provisioningModel'), 'STANDARD');
    assert.equal(at(scheduling, 'onHostMaintenance'), 'MIGRATE');
  });

  test('two peers of one region share its subnetwork', async () => {
    const graph = await graphOf({ ...SETTINGS, zones: 'us-west1-a,us-west1-b' });
    assert.equal(ofType(graph, 'compute/subnetwork:Subnetwork').length, 1);
  });

  test('the rules and the conditions follow a named database', async () => {
    const graph = await graphOf({ ...SETTINGS, database: 'mpcomm' });
    assert.equal(at(named(graph, 'rules-release').inputs, 'name'), 'cloud.firestore/mpcomm');
    const conditions = graph.resources.flatMap(({ inputs }) => textsIn(at(inputs, 'condition')));
    const resource = 'resource.name == "projects/my-laboratory/databases/mpcomm"';
    assert.ok(conditions.includes(resource));
    assert.ok(!conditions.some((text) => text.includes('(default)')));
  });
});
