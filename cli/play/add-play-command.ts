import { Option } from 'commander';
import { LIMITS } from '../../control/limits.ts';
import { STATE_DIRECTORY_DEFAULT } from '../../local/state-directory.ts';
import { withExec } from '../ordering/exec-options.ts';
import { ORDERING_WORD, withOrdering } from '../ordering/one-ordering.ts';
import { integerFrom } from '../shell/parse-values.ts';
import type { Register } from '../shell/register.ts';
import type { PlayOptions } from './play-command.ts';
import { PLAY_DEFAULTS } from './play-defaults.ts';

const PEERS_MAX = 16;
const MESSAGES_MAX = 1_000;
const { peers, messages, seed } = PLAY_DEFAULTS;

const EXAMPLES = `  mpcomm play unordered                       a prompt; help says what can be typed
  mpcomm play ./mine/best.ts --peers 2 --messages 2
  mpcomm play lamport --from .mpcomm/check/lamport-7.json     what check found
  printf 'multicast 0 1\\nauto\\nstory\\n' | mpcomm play unordered
Exit status
  0 done; 1 a guarantee that the ordering declares is broken at the end; 2 it could not be done`;

/** Registers `mpcomm play` with its options. */
export const addPlayCommand: Register = (add, context, finish) => {
  const command = add(
    'play',
    'be the network yourself: choose what arrives, what is lost and who crashes, and be told what breaks',
    EXAMPLES,
  )
    .argument(...ORDERING_WORD)
    .option('--ordering <NAME|FILE>', 'see "mpcomm orderings", or a file of your own');
  withExec(command)
    .option('--peers <N>', `how many play (default: ${peers})`, integerFrom(2, PEERS_MAX))
    .option('--messages <M>', `of each peer (default: ${messages})`, integerFrom(1, MESSAGES_MAX))
    .option(
      '--seed <S>',
      `of what an ordering draws (default: ${seed})`,
      integerFrom(0, LIMITS.seedMax),
    )
    .option(
      '--reliable',
      'channels that lose nothing and keep their order, in place of the reliable link of the ordering: no ' +
        'acknowledgements, no retransmissions, and you say who is told of a crash',
    )
    .option('--from <FILE>', 'a game that was saved, or a scenario, such as check leaves')
    .addOption(
      new Option('--state <DIRECTORY>', 'where games and pictures are kept without a name')
        .env('MPCOMM_STATE_DIRECTORY')
        .default(STATE_DIRECTORY_DEFAULT),
    )
    .action(async (name: string | undefined, options: PlayOptions) => {
      const { playCommand } = await import('./play-command.ts');
      finish(await playCommand(context, withOrdering('play', name, options)));
    });
};
