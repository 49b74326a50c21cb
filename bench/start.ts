import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * How long `npm start` takes to the first multicast, and how much memory an idle peer has:
 * `node bench/start.ts [rounds]`. A round is a start of each kind: the first one after `npm ci`, which finds in Node's
 * compile cache what the installation compiled; a later one, which finds what the first one left besides; and one with an
 * empty cache, as after `npm ci --ignore-scripts`. Times are those that the peers log.
 */
const ROOT = resolve(import.meta.dirname, '..');
const START_MS_MAX = 120_000;
const PEERS = 4;
/** How long a laboratory is left alone before the memory of its peers is read. */
const IDLE_MS = 10_000;

interface LogLine {
  readonly time: string;
  readonly message: string;
  readonly firstMulticast?: string | null;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'mpcomm-start-'));
  const withCache = (name: string) => ({ ...process.env, NODE_COMPILE_CACHE: join(folder, name) });
  try {
    console.log('start       peers ready  asked to run  first multicast   load');
    const rounds = Number(process.argv[2] ?? 3);
    for (let round = 0; round < rounds; round += 1) {
      const state = (kind: string) => join(folder, `state-${kind}-${round}`);
      const [installed, empty] = [withCache(`installed-${round}`), withCache(`empty-${round}`)];
      execFileSync(process.execPath, ['scripts/compile-ahead.js'], { cwd: ROOT, env: installed });
      console.log(await timeStart('first', state('first'), installed));
      console.log(await timeStart('later', state('later'), installed));
      console.log(await timeStart('no cache', state('empty'), empty));
    }
    await weighIdle(join(folder, 'state-idle'), withCache('installed-0'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function timeStart(kind: string, state: string, env: NodeJS.ProcessEnv): Promise<string> {
  const startedMs = Date.now();
  const options = { cwd: ROOT, env, stdio: 'ignore', timeout: START_MS_MAX } as const;
  const child = spawn('npm', ['start', '--', '--state', state], options);
  await once(child, 'exit');
  const logs = peerIds().map((peerId) => readLog(join(state, 'logs', `${peerId}.log`)));
  const last = (message: string) => Math.max(...logs.map((lines) => timeOf(lines, message)));
  const first = Math.min(...logs.map(firstMulticast));
  const [ready, asked, multicast] = [last('ready'), last('joining a run'), first].map((ms) =>
    `${((ms - startedMs) / 1_000).toFixed(2)} s`.padStart(12),
  );
  const load = loadavg()[0]!.toFixed(1).padStart(10);
  return `${kind.padEnd(11)}${ready!} ${asked!}  ${multicast!} ${load}`;
}

function peerIds(): string[] {
  return Array.from({ length: PEERS }, (_, peer) => `peer-${peer}`);
}

function readLog(file: string): LogLine[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as LogLine);
}

/** When a log first says so. */
function timeOf(lines: readonly LogLine[], message: string): number {
  const line = lines.find((each) => each.message === message);
  if (line === undefined) throw new Error(`a peer never logged "${message}"`);
  return Date.parse(line.time);
}

function firstMulticast(lines: readonly LogLine[]): number {
  return Date.parse(lines.find((line) => line.firstMulticast)?.firstMulticast ?? '');
}

/** Prints what each process of an idle laboratory has resident: where the kernel tells it, on Linux. */
async function weighIdle(state: string, env: NodeJS.ProcessEnv): Promise<void> {
  const words = ['cli/mpcomm.js', 'up', '--peers', String(PEERS), '--state', state];
  const child = spawn(process.execPath, words, { cwd: ROOT, env, stdio: 'ignore' });
  try {
    await untilReady(state);
    await sleep(IDLE_MS);
    for (const [script, mebibytes] of residentOf(child.pid!)) {
      console.log(`idle: ${script.padEnd(20)} ${mebibytes.toFixed(0)} MiB resident`);
    }
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit', { signal: AbortSignal.timeout(START_MS_MAX) });
  }
}

async function untilReady(state: string): Promise<void> {
  const untilMs = performance.now() + START_MS_MAX;
  const isReady = (peerId: string): boolean => {
    try {
      return readLog(join(state, 'logs', `${peerId}.log`)).some((line) => line.message === 'ready');
    } catch {
      // The log is not there yet, or its last line is not whole.
      return false;
    }
  };
  while (!peerIds().every(isReady)) {
    if (performance.now() > untilMs) throw new Error('the laboratory did not come up in time');
    await sleep(100);
  }
}

/** The script and the MiB of each process that `parent` started. */
function residentOf(parent: number): [string, number][] {
  return readdirSync('/proc').flatMap((pid): [string, number][] => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      if (Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]) !== parent) return [];
      const script = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').find(isScript) ?? '';
      const kibibytes = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]);
      return [[script.slice(ROOT.length + 1), kibibytes / 1_024]];
    } catch {
      // It ended meanwhile.
      return [];
    }
  });
}

function isScript(word: string): boolean {
  return word.endsWith('.ts');
}

await main();
