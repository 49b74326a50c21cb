import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import type { Context } from './shell/context.ts';
import { refuseDash, refuseEmpty } from './shell/refuse-empty.ts';
import type { AddCommand, Finish, Register } from './shell/register.ts';

/** What a folder of commands exports: that which adds them to the program, and nothing else. */
type CommandFolder = Readonly<Record<string, Register>>;

/** The names of all commands, a folder each, in the order in which the help lists them, and how a folder is loaded. */
const FOLDERS: readonly (readonly [names: string, load: () => Promise<CommandFolder>])[] = [
  ['demo', () => import('./demo/add-demo-command.ts')],
  ['run', () => import('./run/add-run-command.ts')],
  ['simulate', () => import('./simulate/add-simulate-command.ts')],
  ['check', () => import('./check/add-check-command.ts')],
  ['play', () => import('./play/add-play-command.ts')],
  ['grid', () => import('./grid/add-grid-command.ts')],
  ['bench', () => import('./bench/add-bench-command.ts')],
  ['up exit console', () => import('./laboratory/add-laboratory-commands.ts')],
  ['dashboard', () => import('./dashboard/add-dashboard-command.ts')],
  ['runs show', () => import('./archive/add-archive-commands.ts')],
  ['doctor', () => import('./doctor/add-doctor-command.ts')],
  ['compare', () => import('./compare/add-compare-command.ts')],
  ['orderings', () => import('./orderings/add-orderings-command.ts')],
];

const DESCRIPTION =
  'A laboratory for the order of multicast messages. Peers multicast to each other by UDP, each ' +
  'writes down in which order it delivered, and the comparison says what they disagree about.';

const EXAMPLES = `
Examples
  mpcomm demo                            a first look: 4 peers x 50 messages
  mpcomm run 8 100 fifo                  one run of your own
  mpcomm simulate --loss 0.1             a run in virtual time, which its seed repeats
  mpcomm play unordered                  be the network yourself, at a prompt
  mpcomm up                              a laboratory that stays up for many runs
  mpcomm compare logfile*.log            what other programs delivered
Exit status
  0 done; 1 a guarantee that the ordering declares was broken; 2 it could not be done`;

/**
 * Builds the command line; `finish` gets each command's exit status. Where the first word is the name of a command, no
 * other command is loaded, which saves a tenth of a second; otherwise all are, for the help and for what may have been meant.
 */
export async function createProgram(
  context: Context,
  finish: Finish,
  firstWord?: string,
): Promise<Command> {
  const program = new Command('mpcomm')
    .description(DESCRIPTION)
    .version(`mpcomm ${readVersion()}`, '--version', 'the version of the project')
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('(mpcomm --help and mpcomm COMMAND --help show examples)')
    .exitOverride()
    .hook('preAction', (_program, command) => {
      refuseEmpty(command);
      refuseDash(command);
    });
  const add: AddCommand = (name, description, examples) =>
    program.command(name).description(description).addHelpText('after', `\nExamples\n${examples}`);
  for (const folder of await loadFolders(firstWord)) {
    for (const register of Object.values(folder)) register(add, context, finish);
  }
  addHelp(program);
  return program;
}

/** Adds `mpcomm help NAME`, which is `mpcomm NAME --help`: commander's own shows all of the help where there is no such command. */
function addHelp(program: Command): void {
  program
    .helpCommand(false)
    .command('help')
    .argument('[COMMAND]')
    .description('the same as mpcomm COMMAND --help')
    .action(async (name: string = '--help') => {
      const isCommand = program.commands.some((command) => command.name() === name);
      await program.parseAsync(isCommand ? [name, '--help'] : [name], { from: 'user' });
    });
}

function loadFolders(firstWord: string | undefined): Promise<CommandFolder[]> {
  const named = FOLDERS.filter(([names]) => names.split(' ').includes(firstWord ?? ''));
  return Promise.all((named.length > 0 ? named : FOLDERS).map(([, load]) => load()));
}

/** The version in package.json, which is there wherever the sources run. */
function readVersion(): string {
  const manifest = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}
