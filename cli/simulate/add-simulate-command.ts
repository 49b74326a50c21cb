import { type Command, Option } from 'commander';
import { LIMITS } from '../../control/limits.ts';
import { STATE_DIRECTORY_DEFAULT } from '../../local/state-directory.ts';
import { ORDERING_DEFAULT } from '../../core/orderings/registry.ts';
import { SCENARIO_LIMITS } from '../../simulation/run/validate-scenario.ts';
import { Failure } from '../shell/failure.ts';
import type { Register } from '../shell/register.ts';
import { SIMULATE_DEFAULTS } from './create-scenario.ts';
import { withExec } from '../ordering/exec-options.ts';
import { ORDERING_WORD, withOrdering } from '../ordering/one-ordering.ts';
import * as faults from './parse-faults.ts';
import {
  balancesOption,
  decimalFrom,
  integerFrom,
  intervalUpTo,
  parseZones,
  workloadOption,
} from '../shell/parse-values.ts';
import { orderingOption } from '../shell/site-options.ts';
import type { SimulateFromOptions } from './simulate-from.ts';
import type { SimulateOptions } from './simulate-once.ts';

/** What commander hands over. */
type Given = Omit<SimulateOptions, 'ordering'> & Partial<SimulateFromOptions>;

const PROBABILITY_MAX = 1;
const { peers, messages, seed } = SIMULATE_DEFAULTS;

const EXAMPLES = `  mpcomm simulate --peers 4 --messages 50
  mpcomm simulate fifo --loss 0.1 --burst 3 --seed 7
  mpcomm simulate --ordering fifo --crash 2@800+1 --partition '0,1|3@300-900' --trace run.txt
  mpcomm simulate --workload bank --balances bank.svg
  mpcomm simulate --peers 64 --messages 100 --delay exponential:40 --json > comparison.json
Exit status
  0 done; 1 a guarantee that the ordering declares was broken; 2 it could not be done`;

/** Adds `mpcomm simulate` to the command line. */
export const addSimulateCommand: Register = (add, context, finish) => {
  const command = add(
    'simulate',
    'run an ordering in virtual time, with faults; a seed repeats it exactly',
    EXAMPLES,
  )
    .argument(...ORDERING_WORD)
    .addOption(orderingOption());
  addScaleOptions(withExec(command));
  addNetworkOptions(command);
  addFaultOptions(command);
  command
    .option('--scenario <FILE>', 'all of the run, as JSON, instead of the options above')
    .addOption(balancesOption())
    .option('--trace <FILE>', 'write every event to it, one line each')
    .option('--svg <FILE>', 'draw a space-time diagram around what the peers disagree about')
    .option('--shiviz <FILE>', 'write a log for ShiViz')
    .option('--json', 'print only the comparison document')
    .option(
      '--from <RUN>',
      'a recorded run of a laboratory ("last"), again as steps that can be played',
    )
    .addOption(
      new Option(
        '--state <DIRECTORY>',
        `of that laboratory (default: ${STATE_DIRECTORY_DEFAULT})`,
      ).env('MPCOMM_STATE_DIRECTORY'),
    )
    .action(async (word: string | undefined, given: Given) => {
      const { from, state, ...named } = withOrdering('simulate', word, given);
      const options: SimulateOptions = { ...named, ordering: named.ordering ?? ORDERING_DEFAULT };
      if (from === undefined) {
        if (command.getOptionValueSource('state') === 'cli') {
          throw new Failure('--state says of which laboratory a run is; it needs --from RUN');
        }
        const { simulateCommand } = await import('./simulate-command.ts');
        return finish(await simulateCommand(context, options));
      }
      const { simulateFrom } = await import('./simulate-from.ts');
      finish(await simulateFrom(context, { from, state, ordering: options.ordering }));
    });
};

function addScaleOptions(command: Command): void {
  const { peersMin, peersMax, seedMax, timeUsMax, payloadBytesMax } = SCENARIO_LIMITS;
  command
    .option('--peers <N>', `(default: ${peers})`, integerFrom(peersMin, peersMax))
    .option(
      '--messages <M>',
      `of each peer, fewer the more peers there are (default: ${messages})`,
      integerFrom(1, 1_000_000),
    )
    .option('--seed <S>', `0 to ${seedMax} (default: ${seed})`, integerFrom(0, seedMax))
    .option(
      '--interval <MIN-MAX>',
      'ms between multicasts, or one number for both (default: 10-99)',
      intervalUpTo(LIMITS.intervalMsMax),
    )
    .option('--payload <BYTES>', 'in each message (default: 0)', integerFrom(0, payloadBytesMax))
    .addOption(workloadOption())
    .option(
      '--deadline <SECONDS>',
      'of virtual time (default: a minute more than multicasts and faults take)',
      decimalFrom(0.001, timeUsMax / 1e6),
    );
}

function addNetworkOptions(command: Command): void {
  const { lossMax, burstMax } = SCENARIO_LIMITS;
  command
    .option(
      '--zones <a,b,...>',
      'of the peers, from the first again if fewer (default: the published ones)',
      parseZones,
    )
    .option(
      '--delay <KIND:MS>',
      'constant:MS, uniform:MIN-MAX or exponential:MEAN, instead of zones',
      faults.parseDelay,
    )
    .option('--no-jitter', 'each packet takes the mean of its path')
    .option('--loss <P>', `probability, 0 to ${lossMax}`, decimalFrom(0, lossMax))
    .option('--burst <K>', 'packets in a row that are lost together', integerFrom(1, burstMax))
    .option(
      '--repeat <P>',
      'probability that a packet comes twice',
      decimalFrom(0, PROBABILITY_MAX),
    )
    .option(
      '--reorder <P>',
      'probability that a packet is held back, up to 100 ms',
      decimalFrom(0, PROBABILITY_MAX),
    );
}

function addFaultOptions(command: Command): void {
  command
    .option(
      '--crash <MEMBER@MS[+SENDS]>',
      'may be repeated, as all below; +SENDS: in the middle',
      faults.parseCrash,
    )
    .option(
      '--restart <MEMBER@FROM-TO>',
      'crashes, and a new process counts from 0; with +admitted behind, unnoticed by the others',
      faults.parseRestart,
    )
    .option('--pause <MEMBER@FROM-TO>', 'stopped for a while, in ms', faults.parsePause)
    .option(
      '--partition <A|B@FROM-TO>',
      "nothing passes, such as '0,1|2,3@500-900'",
      faults.parsePartition,
    )
    .option('--cut <A>B@FROM-TO>', "one way only, such as '0>1@500-900'", faults.parseCut)
    .option('--clog <A>B@FROM-TO+MS>', "slower, such as '0>1@500-900+200'", faults.parseClog)
    .option('--late <MEMBER@MS>', 'multicasts only from then on', faults.parseLate)
    .option('--skew <MEMBER@RATE[+MS]>', 'its clock: rate, and how far ahead', faults.parseSkew);
}
