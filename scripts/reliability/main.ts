import { parseArgs } from 'node:util';
import { findEmulators } from '../../local/emulators.ts';
import { LOCAL_BACKEND_NAMES, type LocalBackendName } from '../../local/prepared-backend.ts';
import { LIMITS } from '../../control/limits.ts';
import { conduct, describeVerdict, SEED_DEFAULT, type Trial } from './trial.ts';
import { TRIALS } from './trials.ts';

/** Exit statuses: all passed; some trial failed; the command line made no sense. */
const [PASSED, FAILED, USAGE] = [0, 1, 2];
const RUNS_MAX = 10_000;

const names = TRIALS.map(({ name }) => name);
const HELP = `npm run reliability -- <trial>|all [--backend ${LOCAL_BACKEND_NAMES.join('|')}] [--runs N] [--seed N]

Tries a fault or a load on a laboratory of real processes and says PASS or FAIL. Without --backend
each trial runs on every backend that it is for; Google's emulators where they are installed.

${TRIALS.map(({ name, summary }) => `  ${name.padEnd(20)} ${summary}`).join('\n')}
`;

class UsageError extends Error {
  override name = 'UsageError';
}

interface Order {
  readonly trials: readonly Trial[];
  readonly backends: readonly LocalBackendName[];
  readonly runs: number | null;
  readonly seed: number;
}

function parseOrder(words: readonly string[]): Order {
  const { values, positionals } = parseArgs({
    args: [...words],
    options: { backend: { type: 'string' }, runs: { type: 'string' }, seed: { type: 'string' } },
    allowPositionals: true,
  });
  const [name] = positionals;
  if (name === undefined || positionals.length > 1) throw new UsageError('name one trial, or all');
  const trials = TRIALS.filter((trial) => name === 'all' || trial.name === name);
  if (trials.length === 0) {
    throw new UsageError(`there is no trial ${name}; there are ${names.join(', ')}`);
  }
  const backends = LOCAL_BACKEND_NAMES.filter((each) => each === (values.backend ?? each));
  if (backends.length === 0) {
    throw new UsageError(`--backend is one of ${LOCAL_BACKEND_NAMES.join(', ')}`);
  }
  const runs = values.runs === undefined ? null : parseCount('runs', values.runs, 1, RUNS_MAX);
  const { seed: given = String(SEED_DEFAULT) } = values;
  const seed = parseCount('seed', given, 0, LIMITS.seedMax);
  const possible = trials.filter((trial) => backends.some((each) => trial.backends.includes(each)));
  if (possible.length === 0) {
    throw new UsageError(`${name} is a trial of ${trials[0]!.backends.join(', ')} alone`);
  }
  return { trials: possible, backends, runs, seed };
}

function parseCount(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new UsageError(`--${name} is a whole number from ${min} to ${max}`);
}

/** Conducts what was ordered, one after another; true when nothing failed. */
async function conductAll({ trials, backends, runs, seed }: Order): Promise<boolean> {
  const { reason } = backends.includes('emulators') ? await findEmulators() : { reason: undefined };
  const say = (line: string): boolean => process.stdout.write(`${line}\n`);
  let passed = true;
  for (const trial of trials) {
    for (const backend of backends.filter((each) => trial.backends.includes(each))) {
      if (backend === 'emulators' && reason !== undefined) {
        say(`NOT TRIED ${trial.name} on ${backend}: ${reason}`);
        continue;
      }
      say(`${trial.name} on ${backend}: ${trial.summary}`);
      const verdict = await conduct(trial, {
        backend,
        runs: runs ?? trial.runsDefault,
        seed,
        say,
      });
      say(describeVerdict(trial.name, backend, verdict));
      passed &&= verdict.passed;
    }
  }
  return passed;
}

const words = process.argv.slice(2);
if (words.length === 0 || words.includes('--help')) {
  process.stdout.write(HELP);
  process.exit(words.length === 0 ? USAGE : PASSED);
}
try {
  // A trial that failed may leave sockets behind; its processes end with this one.
  process.exit((await conductAll(parseOrder(words))) ? PASSED : FAILED);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
  process.exit(USAGE);
}
