import { integerFrom } from '../shell/parse-values.ts';
import type { Register } from '../shell/register.ts';
import { withPeers, withSiteOrCloud } from '../shell/site-options.ts';
import type { DashboardOptions } from './dashboard-command.ts';
import { DASHBOARD_PORT, RESULTS_DEFAULT } from './dashboard-defaults.ts';

const PORT_MAX = 65_535;

/** Registers `mpcomm dashboard`. */
export const addDashboardCommand: Register = (add, context, finish) => {
  const dashboard = add(
    'dashboard',
    'the page with a laboratory behind it, on this machine: the one that is up, a new one, or the cloud',
    '  mpcomm dashboard\n  mpcomm dashboard --peers 4 --loss 0.1\n' +
      '  mpcomm dashboard --backend gcp --project my-project',
  );
  withSiteOrCloud(withPeers(dashboard))
    .option(
      '--port <PORT>',
      'of the page on 127.0.0.1; another one if it is taken',
      integerFrom(0, PORT_MAX),
      DASHBOARD_PORT,
    )
    .option('--results <FOLDER>', 'where grids lie', RESULTS_DEFAULT)
    .action(async (options: DashboardOptions) => {
      const { dashboardCommand } = await import('./dashboard-command.ts');
      finish(await dashboardCommand(context, options));
    });
};
