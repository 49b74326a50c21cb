import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findEmulators, startEmulators, type Emulators } from '../../local/emulators.ts';
import { freePort } from '../../local/free-port.ts';
import { registerEmulatorTrigger } from '../../local/trigger.ts';
import { buildCheck } from '../../scripts/bundles/build-check.ts';
import { buildPeer } from '../../scripts/bundles/build-peer.ts';
import {
  answerAsDeployed,
  createMessaging,
  PEERS,
  startPeer,
  wrongIn,
  ZONES,
} from '../support/deployed-project.ts';
import { eventually } from '../support/eventually.ts';
import { answerAsCloudRun } from '../support/fake-cloud-run.ts';
import { send } from '../support/functions-client.ts';
import { FakeGoogle, USER } from '../support/fake-google.ts';
import { GoogleFront } from '../support/google-front.ts';
import { PATIENCE_MS } from '../support/patience.ts';
import { installBuiltFunctions, ServedFunction } from '../support/served-functions.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const ROOT = join(import.meta.dirname, '../..');
const SCHEDULE_MS = 1_000;
/** Google's APIs of which no emulator is here: one fake server stands behind them all. */
const REST_APIS = [
  ...['oauth2', 'serviceusage', 'cloudfunctions', 'eventarc'],
  ...['compute', 'run', 'secretmanager', 'storage'],
];

const { installation, reason } = await findEmulators();
const hasOpenssl = await new Promise<boolean>((resolve) => {
  execFile('openssl', ['version'], (error) => resolve(error === null));
});
// Minutes on a busy machine: MPCOMM_SLOW=1, which npm run rehearse sets.
const isAsked = process.env['MPCOMM_SLOW'] === '1';
const canRehearse = isAsked && installation !== undefined && hasOpenssl;
if (!canRehearse) {
  process.stderr.write(
    `Skipping the first hour. ${isAsked ? (reason ?? 'There is no openssl on the PATH.') : 'npm run rehearse plays it.'}\n`,
  );
}

/**
 * The second half of the first hour of docs/deploy.md: what was uploaded runs as on Google Cloud, backend `gcp`
 * with tokens of a metadata server, over TLS to Google's own names, behind which are Google's emulators. The
 * commands are those of the page, in processes of their own. Needs the npm registry once.
 */
(canRehearse ? describe : describe.skip)('the first hour, once it is deployed', describeFirstHour);

function describeFirstHour(): void {
  const directory = temporaryDirectory();
  const uploaded = join(directory, 'functions');
  const functions = new Map<string, ServedFunction>();
  const peers: ChildProcess[] = [];
  const schedule: NodeJS.Timeout[] = [];
  const google: { fake?: FakeGoogle; front?: GoogleFront; emulators?: Emulators } = {};

  beforeAll(async () => {
    await installBuiltFunctions(ROOT, uploaded);
    const comparePort = await freePort();
    const emulators = await startEmulators(installation!, { functionsPort: comparePort });
    const fake = await FakeGoogle.start();
    Object.assign(google, { emulators, fake });
    const rest = new URL(fake.at('')).host;
    google.front = await GoogleFront.start(directory, emulators.project, {
      'firestore.googleapis.com': emulators.firestoreHost,
      'pubsub.googleapis.com': emulators.pubsubHost,
      ...Object.fromEntries(REST_APIS.map((name) => [`${name}.googleapis.com`, rest])),
    });
    await createMessaging(emulators);
    const { environment } = google.front;
    for (const name of ['run', 'exit', 'expire', 'compare']) {
      const port = name === 'compare' ? comparePort : undefined;
      functions.set(name, await ServedFunction.start(uploaded, name, environment, port));
    }
    const { firestoreHost, project } = emulators;
    const pattern = 'runs/{runId}/reports/{peerId}';
    await registerEmulatorTrigger({ firestoreHost, project, name: 'compare', pattern });
    answerAsDeployed(fake, project, functions);
    // The schedule, more often than in the cloud: a run whose member is gone is closed by it.
    const close = () => void send(functions.get('expire')!.url, {}).catch(() => undefined);
    schedule.push(setInterval(close, SCHEDULE_MS));
    const [bundle] = await buildPeer(ROOT);
    writeFileSync(join(uploaded, bundle!.name), bundle!.text);
    for (let number = 0; number < PEERS; number += 1) {
      peers.push(startPeer(join(uploaded, bundle!.name), number, environment));
    }
  }, 5 * PATIENCE_MS);

  afterAll(async () => {
    for (const timer of schedule) clearInterval(timer);
    for (const served of functions.values()) served.stop();
    for (const peer of peers) peer.kill('SIGKILL');
    await google.front?.stop();
    await google.fake?.stop();
    await google.emulators?.stop();
  }, PATIENCE_MS);

  type Ended = { status: number; output: string; notes: string };

  /** A command of docs/deploy.md, typed by a person who is logged in. */
  function mpcomm(...words: string[]): Promise<Ended> {
    const state = words[0] === 'exit' ? [] : ['--state', join(directory, 'state')];
    return type(...words, '--backend', 'gcp', '--project', google.emulators!.project, ...state);
  }

  function type(...words: string[]): Promise<Ended> {
    // Made while gcloud's default project was another one: that must count for nothing.
    const credentials = google.fake!.credentials({ ...USER, quota_project_id: 'another-project' });
    const environment = {
      PATH: process.env['PATH'] ?? '',
      HOME: directory,
      ...google.front!.outside,
      ...credentials,
    };
    return new Promise((resolve) => {
      const child = spawn(process.execPath, ['cli/main.ts', ...words], {
        cwd: ROOT,
        env: environment,
        timeout: PATIENCE_MS,
      });
      let [output, notes] = ['', ''];
      child.stdout.on('data', (part: Buffer) => (output += part.toString()));
      child.stderr.on('data', (part: Buffer) => (notes += part.toString()));
      child.once('close', (status) => resolve({ status: status ?? -1, output, notes }));
    });
  }

  test(
    'the doctor finds everything in order, once the peers are up',
    async () => {
      let last = { status: -1, output: '', notes: '' };
      await eventually('the doctor to find nothing wrong', async () => {
        last = await mpcomm('doctor');
        return wrongIn(last.output).length === 0;
      }).catch((error: unknown) => {
        const log = readFileSync(join(uploaded, 'peer.mjs-0.log'), 'utf8').slice(-2_000);
        throw new Error(`${String(error)}\n${last.output}\n${last.notes}\n${log}`);
      });
      expect(last.output).toMatch(/^ok {4}functions +all 4 are active/m);
      expect(last.output).toMatch(/^ok {4}deployed peers +all 4 have registered/m);
      expect(last.output).toMatch(/^ok {4}secret +version 1, which 4 groups read/m);
      expect(last.output).toMatch(/^ok {4}check job +its tasks run in docker\.io.*@sha256:/m);
    },
    2 * PATIENCE_MS,
  );

  test(
    'a run between the peers is compared',
    async () => {
      const { status, output, notes } = await mpcomm('run', String(PEERS), '20', '--json');
      expect([status, notes]).toEqual([0, expect.any(String)]);
      const comparison = JSON.parse(output) as Record<string, unknown>;
      expect(comparison).toMatchObject({ backend: 'gcp', network: 'real', rounds: PEERS * 20 });
      // The schedule may have been quicker than the event.
      await eventually('the trigger to call compare', () =>
        /comparison (?:created|exists)/.test(functions.get('compare')!.log),
      );
    },
    2 * PATIENCE_MS,
  );
  test(
    'a grid between the zones is measured, and one peer that is taken away in it costs no run',
    async () => {
      const zones = ['--zones', ZONES.join(',')];
      const axes = ['--peers', '2,4', '--messages', '100', '--intervals', '10-30', '--runs', '2'];
      const out = ['--out', join(directory, 'results'), '--name', 'real'];
      const measuring = mpcomm('grid', ...axes, ...zones, ...out);
      const folder = () => join(directory, 'results', readdirSync(join(directory, 'results'))[0]!);
      const linesOf = (name: string) =>
        existsSync(join(folder(), name))
          ? readFileSync(join(folder(), name), 'utf8').trimEnd().split('\n')
          : [];
      await eventually('the first run', () => {
        const results = join(directory, 'results');
        const isBegun = existsSync(results) && readdirSync(results).length > 0;
        return isBegun && linesOf('runs.ndjson').length >= 1;
      });
      // peer-0 is of every run: Google takes its machine away, and its group makes another one.
      const { project } = google.emulators!;
      const target = `https://compute/projects/${project}/zones/us-west1-b/instances/mpcomm-peer-0-x7kq`;
      const operation = {
        targetLink: target,
        insertTime: new Date(Date.now() + 1_000).toISOString(),
      };
      google.fake!.on(
        `compute.googleapis.com/compute/v1/projects/${project}/aggregated/operations`,
        {
          status: 200,
          body: { items: { 'zones/us-west1-b': { operations: [operation] } } },
        },
      );
      const before = await leaseHolder();
      await eventually('the next run to begin', async () => (await leaseHolder()) !== before);
      peers[0]!.kill('SIGKILL');
      peers[0] = startPeer(join(uploaded, 'peer.mjs'), 0, google.front!.environment);
      const { status, output, notes } = await measuring;
      expect([status, notes]).toEqual([
        0,
        expect.stringMatching(/dollars for e2-micro Spot machines/),
      ]);
      expect(output).toContain('Backend gcp; real UDP between machines in their zones');
      expect(linesOf('runs.ndjson')).toHaveLength(4);
      const failures = linesOf('failures.ndjson').map(
        (line) => JSON.parse(line) as { cause: string; reason: string },
      );
      expect(failures.map((failure) => failure.cause)).toEqual(['preempted']);
      expect(failures[0]!.reason).toContain('Google took the Spot machine of peer-0 away');
      expect(notes).toContain('The run is repeated, with its seed, once a machine is there.');
    },
    3 * PATIENCE_MS,
  );

  test(
    'the real zones are drawn beside emulated ones',
    async () => {
      const out = join(directory, 'results');
      const axes = ['--peers', '2', '--messages', '100', '--intervals', '10-30', '--runs', '1'];
      const where = ['--zones', ZONES.join(','), '--out', out, '--state', join(directory, 'grid')];
      const emulated = await type('grid', ...axes, ...where, '--name', 'emulated');
      expect([emulated.status, emulated.notes]).toEqual([0, expect.any(String)]);
      const [one, real] = readdirSync(out).sort();
      const beside = ['--beside', join(out, one!), '--state', join(directory, 'grid')];
      const drawn = await type('grid', '--summarise', join(out, real!), ...beside);
      expect([drawn.status, drawn.output]).toEqual([
        0,
        expect.stringContaining('](real-and-emulated.svg)'),
      ]);
      const picture = readFileSync(join(out, real!, 'real-and-emulated.svg'), 'utf8');
      expect(picture).toContain('Real zones and emulated ones, side by side');
    },
    2 * PATIENCE_MS,
  );

  test(
    'a check is done by tasks of the job, each a process of the bundle that is uploaded, also when one is killed',
    async () => {
      const { fake, front, emulators } = google;
      const [bundle] = await buildCheck(ROOT);
      const program = join(directory, bundle!.name);
      writeFileSync(program, bundle!.text);
      const { project } = emulators!;
      const cloudRun = answerAsCloudRun(fake!, { project, program, ...front! });
      const words = ['--ordering', 'fifo', '--seeds', '60', '--tasks', '3', '--json'];
      const { status, output, notes } = await mpcomm('check', ...words);
      expect([status, notes]).toEqual([0, expect.stringContaining('60 schedules in 3 tasks')]);
      expect(JSON.parse(output)).toMatchObject({ ordering: 'fifo', checked: 60, failure: null });
      expect(cloudRun.retried).toBe(1);
    },
    2 * PATIENCE_MS,
  );

  test('all that the person asked is counted to the project of the laboratory', () => {
    const { fake, emulators } = google;
    const counted = fake!.requests.filter(({ headers }) => 'x-goog-user-project' in headers);
    const projects = new Set(counted.map(({ headers }) => headers['x-goog-user-project']));
    expect([...projects]).toEqual([emulators!.project]);
    expect(counted.length).toBeGreaterThan(10);
  });

  /** The run that is under way, by the emulator's own word; `null` for none. */
  async function leaseHolder(): Promise<string | null> {
    const { project } = google.emulators!;
    const host = google.emulators!.firestoreHost;
    const url = `http://${host}/v1/projects/${project}/databases/(default)/documents/leases/active`;
    const response = await fetch(url, { headers: { authorization: 'Bearer owner' } });
    const body = (await response.json()) as { fields?: { runId?: { stringValue?: string } } };
    return body.fields?.runId?.stringValue ?? null;
  }
}
