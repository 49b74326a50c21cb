import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { LIMITS } from '../../control/limits.ts';
import { ORDERING_DEFAULT, ORDERING_NAMES } from '../../core/orderings/registry.ts';
import { LOCAL_BACKEND_NAMES } from '../../local/prepared-backend.ts';
import { STATE_DIRECTORY_DEFAULT } from '../../local/state-directory.ts';
import type { Context } from '../shell/context.ts';
import { withCloud } from '../site/cloud-options.ts';
import { ALL, type GridOptions } from './grid-request.ts';
import {
  decimalFrom,
  integerFrom,
  intervalUpTo,
  listOf,
  parseZones,
} from '../shell/parse-values.ts';
import type { AddCommand } from '../shell/register.ts';

const RUNS_MAX = 1_000;
const LOSS_MAX = 0.5;
const NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const NAME_CHARACTERS_MAX = 60;
/**
 * The state directory of a grid, apart from that of single runs: its runs are not listed by "mpcomm runs". It lies in the one
 * that a variable names for all commands; where that is empty, so is this, and is refused.
 */
function stateDefault(): string {
  const { MPCOMM_STATE_DIRECTORY: chosen = STATE_DIRECTORY_DEFAULT } = process.env;
  return chosen === '' ? '' : join(chosen, 'grid');
}

const EXAMPLES =
  '  mpcomm grid                                  the published experiment, some ten minutes\n' +
  '  mpcomm grid --orderings all --peers 4,8 --name orderings\n' +
  '  mpcomm grid --orderings fifo,ring --intervals 10-99,1-2 --runs 3 --name load\n' +
  '  mpcomm grid --backend gcp --project my-project --name real-zones\n' +
  '  mpcomm grid --resume results/2026-01-31-orderings\n' +
  '  mpcomm grid --summarise results/2026-01-31-orderings\n' +
  'Exit status\n  0 every cell has its runs; 1 a run broke a guarantee that its ordering declares; ' +
  '2 a cell gave up, or it could not be done';

/** Registers `mpcomm grid` with its options. */
export function addGridCommand(
  add: AddCommand,
  context: Context,
  finish: (status: number) => void,
): void {
  const grid = add(
    'grid',
    'measure cells of orderings x peers x messages many times, into a folder with raw data, tables ' +
      'and charts; the same command goes on where it was interrupted',
    EXAMPLES,
  );
  // A grid that goes on knows where it was begun.
  withCloud(addAxes(grid), ({ backend, resume }) => backend === 'gcp' || resume !== undefined)
    .option('--name <NAME>', 'of the folder, after the date', parseName, 'grid')
    .option('--out <DIRECTORY>', 'where the folder is put', 'results')
    .option('--note <TEXT>', 'what a reader should know; it stands below every chart')
    .option('--resume <FOLDER>', 'go on with that one')
    .option('--summarise <FOLDER>', 'only make its tables and charts again from its raw data')
    .option('--beside <FOLDER>', 'draw it beside that grid: real zones and emulated ones')
    .addOption(
      new Option('--state <DIRECTORY>', 'of the laboratory that it starts').default(
        stateDefault(),
        'grid/ in that of other commands',
      ),
    )
    .action(async (options: GridOptions) => {
      const { gridCommand } = await import('./grid-command.ts');
      finish(await gridCommand(context, options));
    });
}

function addAxes(grid: Command): Command {
  const peers = integerFrom(LIMITS.peersMin, LIMITS.peersMax);
  const messages = integerFrom(1, LIMITS.messagesMax);
  return grid
    .option(
      '--orderings <a,b,...>',
      `or "${ALL}" (default: ${ORDERING_DEFAULT})`,
      listOf(parseOrdering),
    )
    .option('--peers <N,...>', '(default: 2,3,4,6,8)', listOf(peers))
    .option('--messages <M,...>', 'of each peer (default: 10,50,100)', listOf(messages))
    .option(
      '--intervals <MIN-MAX,...>',
      'ms between multicasts (default: 10-99)',
      listOf(intervalUpTo(LIMITS.intervalMsMax)),
    )
    .option('--runs <COUNT>', 'successful ones a cell (default: 10)', integerFrom(1, RUNS_MAX))
    .option(
      '--seed <S>',
      'of the first run of each cell; the next ones follow (default: 1)',
      integerFrom(0, LIMITS.seedMax),
    )
    .option('--loss <SHARE>', 'of datagrams, 0 to 0.5 (default: 0)', decimalFrom(0, LOSS_MAX))
    .option('--zones <a,b,...>', 'of the peers (default: the published ones)', parseZones)
    .addOption(
      new Option('--backend <NAME>', '(default: "embedded")').choices([
        ...LOCAL_BACKEND_NAMES,
        'gcp',
      ]),
    );
}

function parseOrdering(text: string): string {
  if (text === ALL || ORDERING_NAMES.includes(text)) return text;
  throw new InvalidArgumentError(`Allowed: ${[...ORDERING_NAMES, ALL].join(', ')}.`);
}

function parseName(text: string): string {
  if (NAME.test(text) && text.length <= NAME_CHARACTERS_MAX) return text;
  throw new InvalidArgumentError(
    `Allowed: a-z, 0-9 and single hyphens between them, at most ${NAME_CHARACTERS_MAX} characters.`,
  );
}
