import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { until } from './trial-laboratory.ts';

/** Where the probe in each process writes what it measured. */
export const MEMORY_DIRECTORY_VARIABLE = 'RELIABILITY_MEMORY_DIRECTORY';
const PROBE = join(import.meta.dirname, 'memory-probe.ts');
const ANSWER_MS_MAX = 20_000;

export interface HeapFigures {
  /** Bytes, after the garbage was collected. */
  readonly heapUsed: number;
  readonly external: number;
}

/** One process at one moment. */
export interface ProcessFigures {
  readonly residentMiB: number;
  /** Heap and what it holds outside of it, after the garbage was collected. */
  readonly heapMiB: number;
  readonly fileDescriptors: number;
  readonly sockets: number;
}

/** Whether this system tells about processes at all (Linux does). */
export const HAS_PROC = existsSync('/proc/self/fd');

/** What the processes of a laboratory are to be started with, so that `measure` can ask them. */
export function probeEnvironment(directory: string): Record<string, string> {
  const quiet = '--disable-warning=ExperimentalWarning';
  return {
    NODE_OPTIONS: `${quiet} --import ${pathToFileURL(PROBE).href}`,
    [MEMORY_DIRECTORY_VARIABLE]: directory,
  };
}

/** Has one process, started with the probe, collect its garbage, and measures it. */
export async function measure(pid: number, directory: string): Promise<ProcessFigures> {
  const file = join(directory, String(pid));
  rmSync(file, { force: true });
  process.kill(pid, 'SIGUSR2');
  await until(`process ${pid} has measured itself`, ANSWER_MS_MAX, () => existsSync(file));
  const { heapUsed, external } = JSON.parse(readFileSync(file, 'utf8')) as HeapFigures;
  const descriptors = readdirSync(`/proc/${pid}/fd`);
  return {
    residentMiB: residentMiB(pid),
    heapMiB: (heapUsed + external) / 1_048_576,
    fileDescriptors: descriptors.length,
    sockets: descriptors.filter((each) => isSocket(pid, each)).length,
  };
}

function residentMiB(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1_024;
}

function isSocket(pid: number, descriptor: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/fd/${descriptor}`).startsWith('socket:');
  } catch {
    return false; // It was closed while we looked.
  }
}
