import { Option } from 'commander';
import { LOCAL_BACKEND_NAMES } from '../../local/prepared-backend.ts';
import { STATE_DIRECTORY_DEFAULT } from '../../local/state-directory.ts';
import { withCloud } from '../site/cloud-options.ts';
import type { Context } from '../shell/context.ts';
import type { DoctorOptions } from './doctor-command.ts';
import type { AddCommand } from '../shell/register.ts';

/** Adds `mpcomm doctor`. */
export function addDoctorCommand(
  add: AddCommand,
  context: Context,
  finish: (status: number) => void,
): void {
  const doctor = add(
    'doctor',
    'check this machine, the laboratory that is up, or the one in the cloud: ok, or what to do',
    '  mpcomm doctor\n  mpcomm doctor --probe\n' +
      '  mpcomm doctor --backend gcp --project my-project\n' +
      'Exit status\n  0 nothing is wrong; 2 something is to be mended',
  )
    .addOption(
      new Option('--state <DIRECTORY>', 'where the laboratory keeps its files')
        .env('MPCOMM_STATE_DIRECTORY')
        .default(STATE_DIRECTORY_DEFAULT),
    )
    .addOption(
      new Option('--backend <NAME>', 'what is to be examined (default: "embedded")').choices([
        ...LOCAL_BACKEND_NAMES,
        'gcp',
      ]),
    )
    .option('--probe', 'measure round trips between the peers anew, by a run of one message each');
  withCloud(doctor).action(async (options: DoctorOptions) => {
    const { doctorCommand } = await import('./doctor-command.ts');
    finish(await doctorCommand(context, options));
  });
}
