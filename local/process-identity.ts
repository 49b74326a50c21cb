import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/** How long `ps` may take to look at one process; without its answer, the id alone has to do. */
const PS_MS_MAX = 2_000;

/** What stands for a start when only the exit status of a process is left. */
const ENDED = 'ended';

/** One process: its id, and when it started, which tells it from a later one of the same id. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, as `processStart` gives it; `null` where the system does not tell. */
  readonly processStart: string | null;
}

/** True while a process of that id exists, whoever owns it. */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Whether that very process is still there. Ids are used again, so the time of its start has to be
 * the same too; where it is not known, then or now, the id is trusted. A zombie is no more.
 */
export async function processLives({ pid, processStart: then }: ProcessIdentity): Promise<boolean> {
  if (!processExists(pid)) return false;
  const now = await processStart(pid);
  if (now === ENDED) return false;
  // Two ways of telling cannot be compared, as after /proc could not be read this once.
  const isComparable = now !== null && then !== null && kindOf(now) === kindOf(then);
  return !isComparable || now === then;
}

function kindOf(start: string): string {
  return start.slice(0, start.indexOf(' '));
}

/**
 * When a process started, as text that means nothing but itself: clock ticks since the machine's
 * start where there is /proc (field 22 of its stat, proc(5)), else what `ps -o lstart=` says.
 * `ended` when only its exit status is left; `null` where neither is to be had.
 */
export async function processStart(pid: number): Promise<string | null> {
  return (await startInProc(pid)) ?? (await startByPs(pid));
}

async function startInProc(pid: number): Promise<string | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (text === null) return null;
  // The second field is the program's name in brackets, and may hold spaces and brackets itself.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (/^[ZX]/.test(fields[0] ?? '')) return ENDED;
  return /^\d+$/.test(fields[19] ?? '') ? `ticks ${fields[19]}` : null;
}

/** Does what `processStart` does on systems without /proc. */
export async function startByPs(pid: number): Promise<string | null> {
  const options = { timeout: PS_MS_MAX, env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' } };
  const words = ['-o', 'stat=,lstart=', '-p', String(pid)];
  const text = await new Promise<string | null>((resolve) => {
    execFile('ps', words, options, (error, stdout) => resolve(error === null ? stdout : null));
  });
  const [, state, start] = /^\s*(\S+)\s+(\S.*\S)\s*$/s.exec(text ?? '') ?? [];
  if (state === undefined || start === undefined) return null;
  return state.startsWith('Z') ? ENDED : `began ${start.replaceAll(/\s+/g, ' ')}`;
}
