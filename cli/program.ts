import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addArchiveCommands } from './archive/add-archive-commands.ts';
import { addBenchCommand } from './bench/add-bench-command.ts';
import { addCheckCommand } from './check/add-check-command.ts';
import { addCompareCommand } from './compare/add-compare-command.ts';
import { addDashboardCommand } from './dashboard/add-dashboard-command.ts';
import { addDemoCommand } from './demo/add-demo-command.ts';
import { addDoctorCommand } from './doctor/add-doctor-command.ts';
import { addGridCommand } from './grid/add-grid-command.ts';
import { addLaboratoryCommands } from './laboratory/add-laboratory-commands.ts';
import { addOrderingsCommand } from './orderings/add-orderings-command.ts';
import { addPlayCommand } from './play/add-play-command.ts';
import { addRunCommand } from './run/add-run-command.ts';
import type { Context } from './shell/context.ts';
import type { AddCommand, Finish, Register } from './shell/register.ts';
import { addSimulateCommand } from './simulate/add-simulate-command.ts';

/** Every command, in the order in which the help lists them: a folder each, registered in one way. */
const COMMANDS: readonly Register[] = [
  addDemoCommand,
  addRunCommand,
  addSimulateCommand,
  addCheckCommand,
  addPlayCommand,
  addGridCommand,
  addBenchCommand,
  addLaboratoryCommands,
  addDashboardCommand,
  addArchiveCommands,
  addDoctorCommand,
  addCompareCommand,
  addOrderingsCommand,
];

const DESCRIPTION =
  'A laboratory for the order of multicast messages. Peers multicast to each other by UDP, each ' +
  'writes down in which order it delivered, and the comparison says what they disagree about.';

const EXAMPLES = `
Examples
  mpcomm demo                            a first look: 4 peers x 50 messages
  mpcomm run 8 100 --ordering fifo       one run of your own
  mpcomm simulate --loss 0.1             a run in virtual time, which its seed repeats
  mpcomm play unordered                  be the network yourself, at a prompt
  mpcomm up                              a laboratory that stays up for many runs
  mpcomm compare logfile*.log            what other programs delivered
Exit status
  0 done; 1 a guarantee that the ordering declares was broken; 2 it could not be done`;

/** Builds the command line; `finish` gets each command's exit status. */
export function createProgram(context: Context, finish: Finish): Command {
  const program = new Command('mpcomm')
    .description(DESCRIPTION)
    .version(`mpcomm ${readVersion()}`, '--version', 'the version of the project')
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('(mpcomm --help and mpcomm COMMAND --help show examples)')
    .exitOverride();
  const add: AddCommand = (name, description, examples) =>
    program.command(name).description(description).addHelpText('after', `\nExamples\n${examples}`);
  for (const register of COMMANDS) register(add, context, finish);
  return program;
}

/** The version in package.json, which is there wherever the sources run. */
function readVersion(): string {
  const manifest = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}
