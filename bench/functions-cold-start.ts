import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { medianOf } from '../charts/statistics.ts';
import { findEmulators, startEmulators } from '../local/emulators.ts';
import { buildFunctions } from '../scripts/bundles/build-functions.ts';

/**
 * How long each deployed function takes from the start of its process to listening and to its first
 * answer, and what is deployed for it. Run by hand: `node bench/functions-cold-start.ts`. The bundle is
 * the one that is deployed, with the packages of this project; the backend are Google's emulators, so
 * that what the cloud adds (an instance, its file system, the network) is not in it.
 */
const ROOT = resolve(import.meta.dirname, '..');
const START_MS_MAX = 60_000;

/** The request to each function, which does what the function is for, as far as that goes without peers. */
const FUNCTIONS: Readonly<
  Record<string, { readonly headers: Record<string, string>; readonly body: string }>
> = {
  run: { headers: {}, body: '{"peers":2,"messages":1}' },
  exit: { headers: {}, body: '{}' },
  expire: { headers: {}, body: '{}' },
  compare: {
    headers: {
      'ce-id': '1',
      'ce-source': 'bench',
      'ce-specversion': '1.0',
      'ce-type': 'google.cloud.firestore.document.v1.created',
      'ce-document': 'runs/20260131-235959-0a1b2c3d/reports/peer-0',
    },
    body: '{}',
  },
};

/** The framework's own start listens on every interface; a measurement shall stay on this machine. */
const LAUNCHER = `
  import './index.js';
  import { getTestServer } from '@google-cloud/functions-framework/testing';
  const server = getTestServer(process.argv[2]);
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;

interface Sample {
  readonly listeningMs: number;
  readonly answerMs: number;
  readonly residentMiB: number;
  readonly status: number;
}

async function measure(
  folder: string,
  name: string,
  environment: Readonly<Record<string, string>>,
): Promise<Sample> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, ['launcher.js', name], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', ...environment },
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: START_MS_MAX,
    killSignal: 'SIGKILL',
  });
  try {
    const lines = createInterface(child.stdout);
    const [port] = (await once(lines, 'line', { signal: AbortSignal.timeout(START_MS_MAX) })) as [
      string,
    ];
    const listeningMs = performance.now() - startedMs;
    const status = await post(Number(port), FUNCTIONS[name]!);
    const answerMs = performance.now() - startedMs;
    return { listeningMs, answerMs, residentMiB: residentOf(child.pid!), status };
  } finally {
    child.kill('SIGKILL');
  }
}

function post(port: number, { headers, body }: (typeof FUNCTIONS)[string]): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: '127.0.0.1',
        port,
        method: 'POST',
        timeout: START_MS_MAX,
        headers: { 'content-type': 'application/json', ...headers },
      },
      (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      },
    );
    asked.on('error', reject);
    asked.on('timeout', () => asked.destroy(new Error('no answer')));
    asked.end(body);
  });
}

/** Where the kernel tells it: on Linux. */
function residentOf(pid: number): number {
  try {
    const [, kib] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kib) / 1_024;
  } catch {
    return Number.NaN;
  }
}

/** The bytes of the files under `path`, without other packages inside it. */
function sizeOf(path: string): number {
  return readdirSync(path, { withFileTypes: true }).reduce((sum, entry) => {
    if (entry.isSymbolicLink() || entry.name === 'node_modules') return sum;
    const inner = join(path, entry.name);
    return sum + (entry.isDirectory() ? sizeOf(inner) : statSync(inner).size);
  }, 0);
}

function printSizes(files: readonly { readonly name: string; readonly text: string }[]): void {
  const mebibytes = (bytes: number) => (bytes / 1_048_576).toFixed(2);
  const modules = files.filter(({ name }) => name.endsWith('.js'));
  const code = modules.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  const lockfile = JSON.parse(files.find(({ name }) => name === 'package-lock.json')!.text) as {
    packages: object;
  };
  const places = Object.keys(lockfile.packages).filter((place) => place !== '');
  const unpacked = places.reduce((sum, place) => sum + sizeOf(join(ROOT, place)), 0);
  console.log(`source  ${mebibytes(code)} MiB in ${modules.length} modules`);
  console.log(`node_modules  ${mebibytes(unpacked)} MiB unpacked, ${places.length} packages`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { samples: { type: 'string', default: '7' }, built: { type: 'string' } },
  });
  const { installation, reason } = await findEmulators();
  if (installation === undefined) throw new Error(reason);
  mkdirSync(join(ROOT, 'build'), { recursive: true });
  const folder = values.built ?? mkdtempSync(join(ROOT, 'build', 'cold-start-'));
  const emulators = await startEmulators(installation);
  try {
    if (values.built === undefined) {
      const files = await buildFunctions(ROOT);
      for (const { name, text } of files) writeFileSync(join(folder, name), text);
      printSizes(files);
    }
    writeFileSync(join(folder, 'launcher.js'), LAUNCHER);
    for (const name of Object.keys(FUNCTIONS)) {
      const samples: Sample[] = [];
      // The first start fills the file system's cache, and is not counted.
      for (let sample = 0; sample <= Number(values.samples); sample += 1) {
        samples.push(await measure(folder, name, emulators.environment));
      }
      const of = (what: keyof Sample) =>
        medianOf(samples.slice(1).map((each) => each[what]))!.toFixed(0);
      console.log(
        `${name.padEnd(8)}  listening ${of('listeningMs')} ms  first answer ${of('answerMs')} ms ` +
          `(status ${of('status')})  resident ${of('residentMiB')} MiB`,
      );
    }
  } finally {
    await emulators.stop();
    if (values.built === undefined) rmSync(folder, { recursive: true });
  }
}

await main();
