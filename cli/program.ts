import { Command, Option } from 'commander';
import { ORDERING_DEFAULT } from '../core/orderings/registry.ts';
import { LIMITS } from '../control/limits.ts';
import { LOCAL_BACKEND_NAMES } from '../local/prepared-backend.ts';
import { STATE_DIRECTORY_DEFAULT } from '../local/state-directory.ts';
import { PUBLISHED_ZONES } from '../network/zones.ts';
import {
  runsCommand,
  showCommand,
  type RunsOptions,
  type ShowOptions,
} from './archive/archive-commands.ts';
import { addCheckCommand } from './check/add-check-command.ts';
import { addGridCommand } from './grid/add-grid-command.ts';
import { withCloud } from './site/cloud-options.ts';
import { compareCommand, type CompareOptions } from './compare/compare-command.ts';
import { consoleCommand } from './laboratory/console-command.ts';
import type { Context, SiteOptions, StayingOptions } from './shell/context.ts';
import { addDoctorCommand } from './doctor/add-doctor-command.ts';
import { demoCommand, type DemoOptions } from './demo/demo-command.ts';
import { exitCommand, upCommand } from './laboratory/laboratory-commands.ts';
import { orderingsCommand } from './orderings/orderings-command.ts';
import {
  balancesOption,
  decimalFrom,
  integerFrom,
  intervalUpTo,
  parseZones,
  workloadOption,
} from './shell/parse-values.ts';
import { runCommand, type RunOptions } from './run/run-command.ts';
import { addSimulateCommand } from './simulate/simulate-program.ts';

const BACKEND_NAMES = [...LOCAL_BACKEND_NAMES, 'gcp'];

const PEERS_UP_DEFAULT = PUBLISHED_ZONES.length;
const LOSS_MAX = 0.5;
const RUNS_LISTED_MAX = 10_000;

const DESCRIPTION =
  'A laboratory for the order of multicast messages. Peers multicast to each other by UDP, each ' +
  'writes down in which order it delivered, and the comparison says what they disagree about.';

const EXAMPLES = `
Examples
  mpcomm demo                            a first look: 4 peers x 50 messages
  mpcomm run 8 100 --ordering fifo       one run of your own
  mpcomm simulate --loss 0.1             a run in virtual time, which its seed repeats
  mpcomm up                              a laboratory that stays up for many runs
  mpcomm compare logfile*.log            what other programs delivered
Exit status
  0 done; 1 a guarantee that the ordering declares was broken; 2 it could not be done`;

/** Builds the command line; `finish` gets each command's exit status. */
export function createProgram(context: Context, finish: (status: number) => void): Command {
  const program = new Command('mpcomm')
    .description(DESCRIPTION)
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('(mpcomm --help and mpcomm COMMAND --help show examples)')
    .exitOverride();
  const add: AddCommand = (name, description, examples) =>
    program.command(name).description(description).addHelpText('after', `\nExamples\n${examples}`);
  addRunCommands(add, context, finish);
  addSimulateCommand(program, context, finish);
  addCheckCommand(add, context, finish);
  addGridCommand(add, context, finish);
  addLaboratoryCommands(add, context, finish);
  addArchiveCommands(add, context, finish);
  addDoctorCommand(add, context, finish);
  addOtherCommands(add, context, finish);
  return program;
}

type AddCommand = (name: string, description: string, examples: string) => Command;
type Finish = (status: number) => void;

function addRunCommands(add: AddCommand, context: Context, finish: Finish): void {
  const demo = add(
    'demo',
    'run 4 peers x 50 messages without an order and through a sequencer, and explain',
    '  mpcomm demo\n  mpcomm demo --backend emulators\n  mpcomm demo --loss 0.1',
  );
  withSeed(withSite(demo)).action(async (options: DemoOptions) =>
    finish(await demoCommand(context, options)),
  );

  const run = add(
    'run',
    'run N peers x N_MSGS messages on the laboratory that is up, or one started for this run',
    '  mpcomm run 3 100\n  mpcomm run 8 100 --ordering fifo --loss 0.2\n' +
      '  mpcomm run 2 50 --zones europe-north1-a,asia-east1-b --interval 0-5\n' +
      '  mpcomm run 4 1000 --seed 7 --json > comparison.json\n' +
      '  mpcomm run 8 100 --backend gcp --project my-project\n' +
      'Exit status\n  0 done; 1 a guarantee that the ordering declares was broken; ' +
      '2 it could not be done',
  )
    .argument('<N>', 'peers', integerFrom(LIMITS.peersMin, LIMITS.peersMax))
    .argument('<N_MSGS>', 'messages of each peer', integerFrom(1, LIMITS.messagesMax))
    .addOption(orderingOption())
    .option(
      '--interval <MIN-MAX>',
      'ms between multicasts (default: 10-99)',
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
    async (peers: number, messages: number, options: RunOptions) => {
      finish(await runCommand(context, peers, messages, options));
    },
  );
}

function addLaboratoryCommands(add: AddCommand, context: Context, finish: Finish): void {
  const up = add(
    'up',
    'start a laboratory that stays up until Ctrl-C or "mpcomm exit"',
    '  mpcomm up\n  mpcomm up --peers 3 --zones us-west1-b,me-west1-a --loss 0.05',
  );
  withSite(withPeers(up)).action(async (options: StayingOptions) =>
    finish(await upCommand(context, options)),
  );

  const exit = add(
    'exit',
    'tell the peers of the laboratory that is up to end; it goes down with them',
    '  mpcomm exit\n  mpcomm exit --backend gcp --project my-project',
  );
  withCloud(withState(exit).addOption(exitBackendOption())).action(async (options: SiteOptions) =>
    finish(await exitCommand(context, options)),
  );

  const console = add(
    'console',
    'a prompt that takes: run N N_MSGS [ORDERING], runs, show RUN, exit, help',
    "  mpcomm console\n  printf 'run 3 50\\nexit\\n' | mpcomm console\n" +
      'Exit status\n  that of the last command',
  );
  withSiteOrCloud(withPeers(console)).action(async (options: StayingOptions) => {
    finish(await consoleCommand(context, options));
  });
}

function addArchiveCommands(add: AddCommand, context: Context, finish: Finish): void {
  const runs = add(
    'runs',
    'list the runs, oldest first',
    '  mpcomm runs\n  mpcomm runs --last 3 --json',
  )
    .option('--last <COUNT>', 'only so many', integerFrom(1, RUNS_LISTED_MAX), 20)
    .option('--json', 'print them as JSON');
  withArchive(runs).action(async (options: RunsOptions) =>
    finish(await runsCommand(context, options)),
  );

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
    finish(await showCommand(context, wanted, options));
  });
}

function addOtherCommands(add: AddCommand, context: Context, finish: Finish): void {
  add(
    'compare',
    'compare what any programs delivered: one file a peer, JSON [[sender,sequence],...] or a ' +
      'Python list of tuples [(0, 1), (2, 0), ...]',
    '  mpcomm compare logfile0.log logfile1.log logfile2.log\n' +
      '  mpcomm compare peer*.json --messages 100 --json\n' +
      'Exit status\n  0 compared, whatever was found; 2 a file cannot be read',
  )
    .argument('<FILE...>', 'two files or more; the first is of peer 0')
    .option('--messages <M>', 'messages of each peer', integerFrom(1, LIMITS.messagesMax))
    .option('--json', 'print only the comparison document')
    .action(async (files: string[], options: CompareOptions) =>
      finish(await compareCommand(context, files, options)),
    );

  add('orderings', 'list the orderings and what each one guarantees', '  mpcomm orderings')
    .option('--json', 'print them as JSON')
    .action((options: { json?: boolean }) => finish(orderingsCommand(context, options)));
}

function withState(command: Command): Command {
  return command.addOption(
    new Option('--state <DIRECTORY>', 'where the laboratory keeps its files')
      .env('MPCOMM_STATE_DIRECTORY')
      .default(STATE_DIRECTORY_DEFAULT),
  );
}

/** A laboratory on this machine, or the one that is deployed. */
function withSiteOrCloud(command: Command): Command {
  return withCloud(withSite(command, BACKEND_NAMES));
}

function withSite(command: Command, backends: readonly string[] = LOCAL_BACKEND_NAMES): Command {
  const where = 'of a laboratory that is started (default: "embedded")';
  const cloud = backends.includes('gcp') ? '; gcp: the one in the cloud' : '';
  return withState(command)
    .addOption(new Option('--backend <NAME>', where + cloud).choices(backends))
    .option(
      '--zones <a,b,...>',
      'of the peers, from the first again if fewer (default: the published ones)',
      parseZones,
    )
    .option(
      '--loss <SHARE>',
      'of datagrams, 0 to 0.5, in a new laboratory (default: 0)',
      decimalFrom(0, LOSS_MAX),
    );
}

function withArchive(command: Command): Command {
  const where = 'where to read (default: of the laboratory that is up)';
  const option = new Option('--backend <NAME>', where).choices(BACKEND_NAMES);
  return withCloud(withState(command).addOption(option));
}

function exitBackendOption(): Option {
  const where = 'gcp tells the peers in the cloud (default: the laboratory that is up)';
  return new Option('--backend <NAME>', where).choices(['gcp']);
}

function withPeers(command: Command): Command {
  return command
    .option(
      '--peers <COUNT>',
      'peers of a laboratory that is started',
      integerFrom(LIMITS.peersMin, LIMITS.peersMax),
      PEERS_UP_DEFAULT,
    )
    .option('--ordering <FILE>', 'one of your own, which it has besides those of the project');
}

function withSeed(command: Command): Command {
  return command.option(
    '--seed <S>',
    'repeats the intervals of a run; 0 to 4294967295',
    integerFrom(0, LIMITS.seedMax),
  );
}

function orderingOption(): Option {
  return new Option(
    '--ordering <NAME|FILE>',
    `see "mpcomm orderings", or a .ts or .js file of your own (default: "${ORDERING_DEFAULT}")`,
  );
}
