import { type Command, Option } from 'commander';
import {
  formatStrategy,
  STRATEGIES_ALLOWED,
  STRATEGY_DEFAULT,
} from '../../simulation/check/strategy/strategy.ts';
import { LIMITS } from '../../control/limits.ts';
import { STATE_DIRECTORY_DEFAULT } from '../../local/state-directory.ts';
import { FAULTS_ALLOWED, PEERS_DEFAULT, PEERS_MAX } from './check-options.ts';
import { exhaustiveOptionsOf, withExhaustive } from './exhaustive/exhaustive-options.ts';
import type { CheckJobOptions } from './job/job-command.ts';
import { withCloud } from '../site/cloud-options.ts';
import { parseShard } from './check-shard.ts';
import type { Context } from '../shell/context.ts';
import { withExec } from '../ordering/exec-options.ts';
import { ORDERING_WORD, withOrdering } from '../ordering/one-ordering.ts';
import { integerFrom } from '../shell/parse-values.ts';
import { strategyFrom } from './strategy-option.ts';
import type { AddCommand } from '../shell/register.ts';

const SEEDS_MAX = 1_000_000_000;
const WORKERS_MAX = 256;
/** The most tasks that one execution of a Cloud Run job may have. */
const TASKS_MAX = 10_000;

const EXAMPLES =
  '  mpcomm check --ordering fifo\n  mpcomm check ./mine/best.ts --seeds 100000\n' +
  '  mpcomm check --ordering ./mine/best.ts --faults none --peers 3\n' +
  '  mpcomm check ./mine/best.ts --exhaustive --peers 3 --messages 1 --crashes 1\n' +
  '  mpcomm check --seeds 1000000 --shard 2/8 --json\n' +
  '  mpcomm check --seeds 100000 --processes 4\n' +
  '  mpcomm check --seeds 1000000 --backend gcp --project my-project\n' +
  'Exit status\n  0 no counterexample; 1 a counterexample; 2 it could not be done';

/** Registers `mpcomm check` with its options. */
export function addCheckCommand(
  add: AddCommand,
  context: Context,
  finish: (status: number) => void,
): void {
  const check = add(
    'check',
    'run an ordering through many random schedules in the simulator, and shrink the first that ' +
      'breaks what it declares to a counterexample',
    EXAMPLES,
  )
    .argument(...ORDERING_WORD)
    .option('--ordering <NAME|FILE>', 'or a .ts or .js file of your own (default: all there are)');
  withExec(check)
    .option('--seeds <COUNT>', 'how many schedules', integerFrom(1, SEEDS_MAX), 10_000)
    .option('--from <SEED>', 'the first schedule', integerFrom(0, LIMITS.seedMax), 0)
    .option(
      '--peers <MAX>',
      `of a schedule, which has 2 at least (default: ${PEERS_DEFAULT}, and ${PEERS_MAX} in large schedules)`,
      integerFrom(2, PEERS_MAX),
    )
    .addOption(
      new Option('--faults <KIND...>', 'which may happen').choices(FAULTS_ALLOWED).default(['all']),
    )
    .option(
      '--strategy <NAME>',
      `how schedules are chosen: ${STRATEGIES_ALLOWED} (default: ${formatStrategy(STRATEGY_DEFAULT)})`,
      strategyFrom,
    )
    .option('--shard <i/n>', 'only the i-th of n parts of the seeds, from 1', parseShard)
    .addOption(
      new Option('--backend <NAME>', 'in tasks of a Cloud Run job (default: here)').choices([
        'gcp',
      ]),
    )
    .option(
      '--tasks <COUNT>',
      'parts, each a task (default: one for 10,000)',
      integerFrom(1, TASKS_MAX),
    )
    .option(
      '--processes <COUNT>',
      'the same tasks here, as processes: how many at once',
      integerFrom(1, WORKERS_MAX),
    )
    .option('--workers <COUNT>', 'threads (default: one a core)', integerFrom(1, WORKERS_MAX))
    .option('--save <FILE>', "the counterexample's scenario (default: in the state directory)")
    .addOption(
      new Option('--state <DIRECTORY>', 'where the counterexample is kept')
        .env('MPCOMM_STATE_DIRECTORY')
        .default(STATE_DIRECTORY_DEFAULT),
    )
    .option('--forget', 'drop what earlier checks found; else it is replayed first (files)')
    .option('--watch', 'again whenever the file is saved, until Ctrl-C')
    .option('--json', 'print only what came out, as JSON')
    .action((name: string | undefined, options: CheckJobOptions & { watch?: boolean }) =>
      callCheck(context, check, name, options, finish),
    );
  withCloud(check);
  withExhaustive(check);
}

/** What the options make of a check: watched, exhaustive, a job of tasks, or the schedules of this process. */
async function callCheck(
  context: Context,
  check: Command,
  name: string | undefined,
  options: CheckJobOptions & { watch?: boolean },
  finish: (status: number) => void,
): Promise<void> {
  const chosen = withOrdering('check', name, options);
  if (chosen.save !== undefined) {
    const { refuseSave } = await import('./save-counterexample.ts');
    await refuseSave(chosen.save);
  }
  if (options.watch === true) {
    const words = process.argv.slice(2).filter((word) => word !== '--watch');
    const { watchCommand } = await import('./watch-command.ts');
    return watchCommand(context, chosen.ordering, words);
  }
  const exhaustive = exhaustiveOptionsOf(check, chosen);
  if (exhaustive !== null) {
    const { exhaustiveCommand } = await import('./exhaustive/exhaustive-command.ts');
    return finish(await exhaustiveCommand(context, exhaustive));
  }
  if ([options.backend, options.tasks, options.processes].some((given) => given)) {
    const { checkInJob } = await import('./job/job-command.ts');
    return finish(await checkInJob(context, chosen));
  }
  const { checkCommand } = await import('./check-command.ts');
  finish(await checkCommand(context, chosen));
}
