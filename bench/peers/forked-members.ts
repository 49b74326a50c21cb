import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { NO_FIGURES, summariseFigures, type MemberFigures, type RunFigures } from './figures.ts';
import { bufferErrorsOf } from './process-facts.ts';
import type { Load } from './system.ts';

const FIRST_WORDS_MS_MAX = 20_000;
/** Beyond the time that members give themselves: they look for each other first. */
const GRACE_MS = 15_000;

type Told = { readonly port: number } | { readonly figures: MemberFigures };

/**
 * Runs members that are the file `script` beside this one, each with `[its index, messages,
 * payloadBytes, secondsMax, ...parameters]`, on this machine: tells each the ports of all, and waits for
 * their figures. Members that said nothing by the deadline count as having delivered nothing.
 */
export async function runForkedMembers(
  system: string,
  script: string,
  load: Load,
  parameters: readonly string[] = [],
): Promise<RunFigures> {
  const { members, messages, payloadBytes, secondsMax } = load;
  const errorsBefore = bufferErrorsOf('self');
  const shared = [messages, payloadBytes, secondsMax].map(String);
  const children = Array.from({ length: members }, (_, index) =>
    fork(
      fileURLToPath(new URL(script, import.meta.url)),
      [String(index), ...shared, ...parameters],
      { execArgv: ['--disable-warning=ExperimentalWarning'] },
    ),
  );
  try {
    const hear = children.map((child) => listenTo(child));
    const ports = await Promise.all(hear.map((next) => next(FIRST_WORDS_MS_MAX)));
    const told = { ports: ports.map((each) => (each !== null && 'port' in each ? each.port : 0)) };
    for (const child of children) child.send({ ...told, atMs: Date.now() });
    const runMs = 1_000 * secondsMax + GRACE_MS;
    const answers = await Promise.all(hear.map((next) => next(runMs)));
    const figures = answers.map((each) =>
      each !== null && 'figures' in each ? each.figures : NO_FIGURES,
    );
    const errors = bufferErrorsOf('self') - errorsBefore;
    return summariseFigures(system, figures, members * members * messages, errors);
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
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
