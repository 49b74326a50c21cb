import { Option, type Command } from 'commander';
import { balancesOption, integerFrom } from '../shell/parse-values.ts';
import type { Register } from '../shell/register.ts';
import { BACKEND_NAMES, withState } from '../shell/site-options.ts';
import { withCloud } from '../site/cloud-options.ts';
import type { RunsOptions, ShowOptions } from './archive-commands.ts';

const RUNS_LISTED_MAX = 10_000;

/** Registers `mpcomm runs` and `show`. */
export const addArchiveCommands: Register = (add, context, finish) => {
  const runs = add(
    'runs',
    'list the runs, oldest first',
    '  mpcomm runs\n  mpcomm runs --last 3 --json',
  )
    .option('--last <COUNT>', 'how many of the latest', integerFrom(1, RUNS_LISTED_MAX), 20)
    .option('--json', 'print them as JSON');
  withArchive(runs).action(async (options: RunsOptions) => {
    const { runsCommand } = await import('./archive-commands.ts');
    finish(await runsCommand(context, options));
  });

  const show = add(
    'show',
    'print the comparison of a run; the exit status is that of the run',
    '  mpcomm show last\n  mpcomm show 20260131-2359 --json\n  mpcomm show last --svg run.svg',
  )
    .argument('<RUN>', 'its id, the beginning of its id, or "last"')
    .option('--svg <FILE>', 'draw a space-time diagram of a run that was recorded')
    .option('--shiviz <FILE>', 'write a log of it for ShiViz')
    .option('--json', 'print only the comparison document')
    .addOption(balancesOption());
  withArchive(show).action(async (wanted: string, options: ShowOptions) => {
    const { showCommand } = await import('./archive-commands.ts');
    finish(await showCommand(context, wanted, options));
  });
};

function withArchive(command: Command): Command {
  const where = 'where to read (default: of the laboratory that is up)';
  const option = new Option('--backend <NAME>', where).choices(BACKEND_NAMES);
  return withCloud(withState(command).addOption(option));
}
