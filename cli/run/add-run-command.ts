import { InvalidArgumentError, Option } from 'commander';
import { LIMITS } from '../../control/limits.ts';
import { ORDERING_WORD, withOrdering } from '../ordering/one-ordering.ts';
import { decimalFrom, integerFrom, intervalUpTo, workloadOption } from '../shell/parse-values.ts';
import type { Register } from '../shell/register.ts';
import { orderingOption, withSeed, withSiteOrCloud } from '../shell/site-options.ts';
import type { RunOptions } from './run-command.ts';

/** Registers `mpcomm run`. */
export const addRunCommand: Register = (add, context, finish) => {
  const run = add(
    'run',
    'run N peers x N_MSGS messages on the laboratory that is up, or one started for this run',
    '  mpcomm run 3 100\n  mpcomm run 8 100 fifo --loss 0.2\n' +
      '  mpcomm run 2 50 --zones europe-north1-a,asia-east1-b --interval 0-5\n' +
      '  mpcomm run 4 1000 --seed 7 --json > comparison.json\n' +
      '  mpcomm run 8 100 --backend gcp --project my-project\n' +
      'Exit status\n  0 done; 1 a guarantee that the ordering declares was broken; ' +
      '2 it could not be done',
  )
    .argument('<N>', 'peers', integerFrom(LIMITS.peersMin, LIMITS.peersMax))
    .argument('<N_MSGS>', 'messages of each peer', integerFrom(1, LIMITS.messagesMax))
    .argument(...ORDERING_WORD)
    .addOption(orderingOption())
    .addOption(programOption())
    .option(
      '--interval <MIN-MAX>',
      'ms between multicasts, or one number for both (default: 10-99)',
      intervalUpTo(LIMITS.intervalMsMax),
    )
    .option(
      '--payload <BYTES>',
      'bytes in each message (default: 0)',
      integerFrom(0, LIMITS.payloadBytesMax),
    )
    .addOption(workloadOption())
    .option(
      '--deadline <SECONDS>',
      'for the whole run (default: what it may need)',
      decimalFrom(1, LIMITS.deadlineMsMax / 1_000),
    )
    .option('--record', 'write down every event too, for "mpcomm show RUN --svg FILE"')
    .option('--json', 'print only the comparison document');
  withSeed(withSiteOrCloud(run)).action(
    async (peers: number, messages: number, word: string | undefined, options: RunOptions) => {
      const { runCommand } = await import('./run-command.ts');
      finish(await runCommand(context, peers, messages, withOrdering('run', word, options)));
    },
  );
};

/** Who has checked a program wants to run it as well, and is told that nothing here does. */
function programOption(): Option {
  return new Option('--exec <COMMAND>').hideHelp().argParser(() => {
    throw new InvalidArgumentError(
      'A program runs in the simulator alone: mpcomm check, simulate and play take it. Over UDP, an ordering is a .ts or ' +
        '.js file (docs/write-your-own.md).',
    );
  });
}
