import { fork, type ChildProcess } from 'node:child_process';
import { SHARED_MACHINE_FLAGS } from '../../local/node-flags.ts';
import { NO_FIGURES, type MemberFigures } from './member-figures.ts';

const FIRST_WORDS_MS_MAX = 20_000;
/** Beyond the time that members give themselves: they look for each other first. */
const GRACE_MS = 15_000;

type Told = { readonly port: number } | { readonly figures: MemberFigures };

/**
 * Runs a process of the file `script` for each list of `parameters`: tells each the ports of all, and waits
 * for their figures, at most `secondsMax` and a while. Members that said nothing by then count as having
 * delivered nothing; one that ended before is an error. All processes are ended, also when `signal` is aborted, which is thrown.
 */
export async function forkMembers(
  script: string,
  parameters: readonly (readonly string[])[],
  secondsMax: number,
  signal: AbortSignal,
): Promise<MemberFigures[]> {
  signal.throwIfAborted();
  const execArgv = [...SHARED_MACHINE_FLAGS];
  const children = parameters.map((own) => fork(script, [...own], { execArgv }));
  const endAll = (): void => children.forEach((child) => child.kill('SIGKILL'));
  signal.addEventListener('abort', endAll);
  try {
    const hear = children.map((child) => listenTo(child));
    const ports = await Promise.all(hear.map((next) => next(FIRST_WORDS_MS_MAX)));
    signal.throwIfAborted();
    const silent = ports.findIndex((each) => each === null);
    if (silent >= 0) throw new Error(`member ${silent} did not start`);
    const told = ports.map((each) => (each !== null && 'port' in each ? each.port : 0));
    for (const child of children) child.send({ ports: told, atMs: Date.now() });
    const answers = await Promise.all(hear.map((next) => next(1_000 * secondsMax + GRACE_MS)));
    signal.throwIfAborted();
    const ended = children.findIndex((child, index) => isOver(child) && answers[index] === null);
    if (ended >= 0) throw new Error(`member ${ended} ended before it said what it delivered`);
    return answers.map((each) => (each !== null && 'figures' in each ? each.figures : NO_FIGURES));
  } finally {
    signal.removeEventListener('abort', endAll);
    endAll();
  }
}

function isOver({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** What the child says next, or `null` when it ends or the time passes before. */
function listenTo(child: ChildProcess): (msMax: number) => Promise<Told | null> {
  const said: Told[] = [];
  let wake: () => void = () => undefined;
  let ended = false;
  child.on('message', (told) => {
    said.push(told as Told);
    wake();
  });
  child.on('error', () => undefined);
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
