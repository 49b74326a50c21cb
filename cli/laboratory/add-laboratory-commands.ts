import { Option } from 'commander';
import type { SiteOptions, StayingOptions } from '../shell/context.ts';
import type { Register } from '../shell/register.ts';
import { withPeers, withSite, withSiteOrCloud, withState } from '../shell/site-options.ts';
import { withCloud } from '../site/cloud-options.ts';
import type { UpOptions } from './laboratory-commands.ts';

/** Registers `mpcomm up`, `exit` and `console`. */
export const addLaboratoryCommands: Register = (add, context, finish) => {
  const up = add(
    'up',
    'start a laboratory that stays up until Ctrl-C or "mpcomm exit"',
    '  mpcomm up --dashboard\n  mpcomm up --peers 3 --zones us-west1-b,me-west1-a --loss 0.05',
  );
  withSite(withPeers(up))
    .option('--dashboard', 'serve the page with it as well, as "mpcomm dashboard" does')
    .action(async (options: UpOptions) => {
      const { upCommand } = await import('./laboratory-commands.ts');
      finish(await upCommand(context, options));
    });

  const exit = add(
    'exit',
    'tell the peers of the laboratory that is up to end; it goes down with them',
    '  mpcomm exit\n  mpcomm exit --backend gcp --project my-project',
  );
  withCloud(withState(exit).addOption(exitBackendOption())).action(async (options: SiteOptions) => {
    const { exitCommand } = await import('./laboratory-commands.ts');
    finish(await exitCommand(context, options));
  });

  const console = add(
    'console',
    'a prompt that takes: run N N_MSGS [ORDERING], runs, show RUN, exit, help',
    "  mpcomm console\n  printf 'run 3 50\\nexit\\n' | mpcomm console\n" +
      'Exit status\n  that of the last command',
  );
  withSiteOrCloud(withPeers(console)).action(async (options: StayingOptions) => {
    const { consoleCommand } = await import('./console-command.ts');
    finish(await consoleCommand(context, options));
  });
};

function exitBackendOption(): Option {
  const where = 'gcp tells the peers in the cloud (default: the laboratory that is up)';
  return new Option('--backend <NAME>', where).choices(['gcp']);
}
