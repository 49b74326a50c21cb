import { fork, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { summariseFigures, type MemberFigures, type RunFigures } from './figures.ts';

const FIRST_WORDS_MS_MAX = 20_000;
const RUN_MS_MAX = 75_000;

type Told = { readonly port: number } | { readonly figures: MemberFigures };

/**
 * Runs `members` processes of the file `script` beside this one, each with `[its index, ...parameters]`,
 * on this machine: tells each the ports of all, and waits for their figures. Members that said nothing by
 * the deadline count as having delivered nothing.
 */
export async function runMembers(
  system: string,
  script: string,
  members: number,
  expected: number,
  parameters: readonly string[],
): Promise<RunFigures> {
  const errorsBefore = bufferErrors();
  const children = Array.from({ length: members }, (_, index) =>
    fork(fileURLToPath(new URL(script, import.meta.url)), [String(index), ...parameters], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
    }),
  );
  try {
    const hear = children.map((child) => listenTo(child));
    const ports = await Promise.all(hear.map((next) => next(FIRST_WORDS_MS_MAX)));
    const told = { ports: ports.map((each) => (each !== null && 'port' in each ? each.port : 0)) };
    for (const child of children) child.send({ ...told, atMs: Date.now() });
    const answers = await Promise.all(hear.map((next) => next(RUN_MS_MAX)));
    const figures = answers.map((each) =>
      each !== null && 'figures' in each ? each.figures : NONE,
    );
    return summariseFigures(system, figures, expected * members, bufferErrors() - errorsBefore);
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
}

const NONE: MemberFigures = {
  deliveries: 0,
  perSecond: 0,
  orderHash: 'none',
  cpuUs: 0,
  ownP50Ms: 0,
  ownP99Ms: 0,
  datagrams: 0,
  residentMiB: 0,
};

/** What the child says next, or `null` when it ends or the time passes before. */
function listenTo(child: ChildProcess): (msMax: number) => Promise<Told | null> {
  const said: Told[] = [];
  let wake: () => void = () => undefined;
  let ended = false;
  child.on('message', (told) => {
    said.push(told as Told);
    wake();
  });
  child.on('exit', () => {
    ended = true;
    wake();
  });
  return async (msMax) => {
    const deadlineMs = Date.now() + msMax;
    while (said.length === 0 && !ended && Date.now() < deadlineMs) {
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, Math.max(0, deadlineMs - Date.now())).unref();
      });
    }
    return said.shift() ?? null;
  };
}

/** The kernel's count; 0 where there is none. */
function bufferErrors(): number {
  try {
    const rows = readFileSync('/proc/net/snmp', 'utf8').split('\n');
    const [names = [], values = []] = rows
      .filter((row) => row.startsWith('Udp:'))
      .map((row) => row.split(' '));
    return Number(values[names.indexOf('RcvbufErrors')] ?? 0);
  } catch {
    return 0;
  }
}
