import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { BYTES_FIELD } from '../../control/document-rules.ts';
import { EXPIRING_COLLECTIONS, EXPIRY_FIELD } from '../../control/retention.ts';
import { PUBLISHED_ZONES } from '../../network/zones.ts';
import { PEERS_MAX, PEERS_MIN, ZONES_DEFAULT } from '../configuration.ts';
import * as database from '../database.ts';
import { at } from '../rules/resource.ts';
import { type Graph, graphOf, named, ofType, SETTINGS } from './graph.ts';

/**
 * This package shares no code with the project, whose program it deploys. What both must say alike
 * is held together here: by what the project exports, or, where that needs packages, by its text.
 */
const ROOT = join(import.meta.dirname, '../..');

function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

describe('the infrastructure and the program that it runs', () => {
  let graph: Graph;

  before(async () => {
    graph = await graphOf();
  });

  const scriptOf = (): string =>
    String(at(named(graph, 'template-peer-0').inputs, 'metadata', 'startup-script'));

  test('have the same zones, in the same order', () => {
    assert.deepEqual(ZONES_DEFAULT, PUBLISHED_ZONES);
  });

  test('have the same limits of a run', () => {
    const limits = textOf('control/limits.ts');
    assert.match(limits, new RegExp(`peersMin: ${PEERS_MIN},`));
    assert.match(limits, new RegExp(`peersMax: ${PEERS_MAX},`));
  });

  test('forget the same documents, by the same field, and index no bytes', () => {
    assert.deepEqual(database.EXPIRING_COLLECTIONS, EXPIRING_COLLECTIONS);
    assert.equal(database.EXPIRY_FIELD, EXPIRY_FIELD);
    assert.equal(database.BYTES_FIELD, BYTES_FIELD);
    for (const collection of EXPIRING_COLLECTIONS) {
      const { inputs } = named(graph, `field-${collection}-expiry`);
      assert.deepEqual(at(inputs, 'ttlConfig'), {});
      assert.deepEqual(at(inputs, 'indexConfig'), {});
    }
    for (const collection of database.BYTES_COLLECTIONS) {
      const bytes = named(graph, `field-${collection}-bytes`).inputs;
      assert.deepEqual([at(bytes, 'collection'), at(bytes, 'field')], [collection, BYTES_FIELD]);
      assert.deepEqual(at(bytes, 'indexConfig'), {});
    }
  });

  test('need the same APIs, and the doctor knows the subscription that is no peer’s', () => {
    const enabled = ofType(graph, 'projects/service:Service').map(({ inputs }) =>
      String(at(inputs, 'service')),
    );
    const doctor = textOf('cli/doctor/google-facts.ts');
    const [, list] = /APIS: readonly string\[\] = \[([^\]]+)\]/.exec(doctor)!;
    const known = [...list!.matchAll(/'(\w+)'/g)].map(([, name]) => `${name}.googleapis.com`);
    assert.deepEqual([...enabled].sort(), known.sort());
    const [, undelivered] = /UNDELIVERED = '([^']+)'/.exec(doctor)!;
    assert.equal(at(named(graph, 'undelivered-kept').inputs, 'name'), undelivered);
  });

  test('call the job that checks by the same name, and retry its tasks as often', async () => {
    const { inputs } = named(await graphOf({ ...SETTINGS, checkJob: 'true' }), 'check-job');
    const [, name] = /JOB_NAME = '([^']+)'/.exec(textOf('cli/check/job/cloud-job.ts'))!;
    assert.equal(at(inputs, 'name'), name);
    const [, retries] = /RETRIES_MAX = (\d+)/.exec(textOf('cli/check/job/local-job.ts'))!;
    assert.equal(at(inputs, 'template', 'template', 'maxRetries'), Number(retries));
    const [, taskMs] = /TASK_MS_MAX = ([\d_]+)/.exec(textOf('cli/check/job/job-command.ts'))!;
    const timeout = `${Number(taskMs!.replaceAll('_', '')) / 1_000}s`;
    assert.equal(at(inputs, 'template', 'template', 'timeout'), timeout);
    const { dependencies } = JSON.parse(textOf('package.json')) as {
      dependencies: { node: string };
    };
    const image = `docker.io/library/node:${dependencies.node}-slim`;
    assert.equal(at(inputs, 'template', 'template', 'containers', 0, 'image'), image);
    const pin = textOf('scripts/deployment/pin-image.ts');
    const [, repository] = /REPOSITORY = '([^']+)'/.exec(pin)!;
    const [, tag] = /TAG = '([^']+)'/.exec(pin)!;
    assert.equal(`docker.io/${repository}:${tag}`, image);
  });

  test('look for what is left, and for the secret, under the names that they have', () => {
    const left = textOf('scripts/deployment/find-left.ts');
    const names: readonly [string, string][] = [
      ['datagram-secret', 'secretId'],
      ['schedule-expire', 'name'],
    ];
    for (const [resource, property] of names) {
      assert.ok(
        left.includes(`'${String(at(named(graph, resource).inputs, property))}'`),
        resource,
      );
    }
    const bucket = String(at(named(graph, 'artifacts').inputs, 'name'));
    assert.ok(left.includes(bucket.replace('my-laboratory', '${project}')));
    const label = String(at(named(graph, 'function-run').inputs, 'labels', 'app'));
    assert.ok(left.includes(`labels.app=${label}`));
    assert.ok(String(at(named(graph, 'group-peer-0').inputs, 'name')).startsWith('mpcomm-peer-'));
    const [, secret] = /SECRET_NAME = '([^']+)'/.exec(textOf('cli/doctor/secret-facts.ts'))!;
    assert.equal(at(named(graph, 'datagram-secret').inputs, 'secretId'), secret);
    assert.match(scriptOf(), /^readonly SECRET_VERSION='\d+'$/m);
  });

  test('have the same functions', () => {
    const registered = [...textOf('functions/index.ts').matchAll(/(?:http|cloudEvent)\('(\w+)'/g)];
    const names = registered.map(([, name]) => name);
    assert.deepEqual([...names].sort(), ['compare', 'exit', 'expire', 'run']);
    for (const name of names) {
      const { inputs } = named(graph, `function-${name}`);
      assert.equal(at(inputs, 'buildConfig', 'entryPoint'), name);
    }
  });

  test('have the same documents call compare', () => {
    const [, pattern] = /REPORT_PATTERN = '([^']+)'/.exec(textOf('local/prepared-backend.ts'))!;
    const filters = at(named(graph, 'function-compare').inputs, 'eventTrigger', 'eventFilters', 1);
    assert.equal(at(filters, 'value'), pattern);
  });

  test('have the same topic and the same names of subscriptions', () => {
    const [, topic] = /TOPIC_DEFAULT = '([^']+)'/.exec(textOf('backend/open-backend.ts'))!;
    assert.equal(at(named(graph, 'commands').inputs, 'name'), topic);
    assert.match(textOf('gcp/pubsub-bus.ts'), /return `mpcomm-\$\{subscriber\}`;/);
    assert.equal(at(named(graph, 'commands-peer-0').inputs, 'name'), 'mpcomm-peer-0');
  });

  test('set only variables that the program reads', () => {
    const documented = `${textOf('docs/architecture.md')}${textOf('docs/backends.md')}`;
    const variables = at(
      named(graph, 'function-run').inputs,
      'serviceConfig',
      'environmentVariables',
    );
    const ofFunctions = Object.keys(variables as object);
    const ofPeers = [...scriptOf().matchAll(/^(?:Environment=)?(MPCOMM_[A-Z_]+)=/gm)].map(
      ([, name]) => name!,
    );
    assert.ok(ofPeers.length >= 10 && ofFunctions.length >= 4);
    for (const name of [...ofPeers, ...ofFunctions]) {
      assert.ok(documented.includes(`\`${name}\``), `${name} is documented nowhere`);
    }
  });

  test('count the disks of machines alike', () => {
    const [, gigabytes] = /DISK_GB = (\d+)/.exec(textOf('scripts/deployment/regional-quota.ts'))!;
    const { inputs } = named(graph, 'template-peer-0');
    assert.equal(at(inputs, 'disks', 0, 'diskSizeGb'), Number(gigabytes));
    assert.equal(at(inputs, 'disks', 0, 'diskType'), 'pd-balanced');
  });

  test('ask for the daemon’s health where it answers', () => {
    const [, path] = /HEALTH_PATH = '([^']+)'/.exec(textOf('peer/duty/health-server.ts'))!;
    const { inputs } = named(graph, 'peer-health');
    assert.deepEqual(at(inputs, 'httpHealthCheck'), { port: 8080, requestPath: path });
    assert.match(textOf('peer/main.ts'), /process\.argv\[2\] === '--exited'/);
    const [, status] = /EXIT_CONFIGURATION = (\d+)/.exec(textOf('peer/main.ts'))!;
    assert.match(scriptOf(), new RegExp(`^RestartPreventExitStatus=${status}$`, 'm'));
  });
});
