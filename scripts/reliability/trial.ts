import type { LocalBackendName } from '../../local/prepared-backend.ts';

/** What a trial is told, and where it says what it saw. */
export interface TrialContext {
  readonly backend: LocalBackendName;
  /** How often the trial's fault is tried, where that is a matter of patience. */
  readonly runs: number;
  /** Decides whatever the trial leaves to chance: another seed tries other times and victims. */
  readonly seed: number;
  readonly signal: AbortSignal;
  /** One line for a person who watches. */
  say(line: string): void;
  /** A claim that must be true; the trial goes on, so that one failure does not hide the others. */
  check(isTrue: boolean, claim: string): void;
  /** A figure for the verdict's last line. */
  measured(name: string, value: string | number): void;
}

/** One fault or load, tried on a laboratory that is started for it. */
export interface Trial {
  readonly name: string;
  /** What is done, and what must be true all the same: one line of the help. */
  readonly summary: string;
  readonly backends: readonly LocalBackendName[];
  /** Runs, when the command line does not say. */
  readonly runsDefault: number;
  /** A trial that takes longer hangs, and has failed. */
  readonly msMax: (runs: number) => number;
  run(context: TrialContext): Promise<void>;
}

export interface TrialVerdict {
  readonly passed: boolean;
  /** Claims that turned out false, or the error that ended the trial. */
  readonly failures: readonly string[];
  readonly checks: number;
  readonly figures: ReadonlyMap<string, string | number>;
  readonly elapsedMs: number;
}

export const SEED_DEFAULT = 1;

/** The most failures that are kept: of many equal ones the first few say it all. */
const FAILURES_MAX = 20;

export interface ConductOptions {
  readonly backend: LocalBackendName;
  readonly runs: number;
  readonly seed?: number;
  readonly say: (line: string) => void;
}

/** Conducts a trial to its verdict, within the trial's own bound on time; never rejects. */
export async function conduct(
  trial: Pick<Trial, 'run' | 'msMax'>,
  { backend, runs, seed = SEED_DEFAULT, say }: ConductOptions,
): Promise<TrialVerdict> {
  const startedAtMs = performance.now();
  const failures: string[] = [];
  const figures = new Map<string, string | number>();
  const abort = new AbortController();
  let checks = 0;
  const fail = (failure: string) => {
    if (failures.length < FAILURES_MAX) failures.push(failure);
  };
  const context: TrialContext = {
    backend,
    runs,
    seed,
    signal: abort.signal,
    say,
    check(isTrue, claim) {
      checks += 1;
      if (!isTrue) fail(`not true: ${claim}`);
    },
    measured: (name, value) => figures.set(name, value),
  };
  try {
    await within(trial.msMax(runs), () => trial.run(context));
    if (checks === 0) fail('the trial checked nothing');
  } catch (error) {
    fail(error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    abort.abort();
  }
  const elapsedMs = performance.now() - startedAtMs;
  return { passed: failures.length === 0, failures, checks, figures, elapsedMs };
}

/** The verdict in words: PASS or FAIL, what was false, and the figures. */
export function describeVerdict(name: string, backend: string, verdict: TrialVerdict): string {
  const { passed, failures, checks, figures, elapsedMs } = verdict;
  const seconds = (elapsedMs / 1_000).toFixed(1);
  const lines = failures.map((failure) => `  ${failure}`);
  const measured = [...figures].map(([figure, value]) => `  ${figure}: ${value}`);
  const head = `${passed ? 'PASS' : 'FAIL'} ${name} on ${backend}: ${checks} checks in ${seconds} s`;
  return [head, ...lines, ...measured].join('\n');
}

async function within(ms: number, work: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`the trial did not end within ${ms / 1_000} s`);
    timer = setTimeout(() => reject(error), ms);
  });
  try {
    await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
