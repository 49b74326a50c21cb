import { InvalidArgumentError } from 'commander';
import { LIMITS } from '../../control/limits.ts';
import { groupOf, ORDERING_GROUPS } from '../../charts/ordering-groups.ts';
import { ORDERING_NAMES } from '../../core/orderings/registry.ts';
import { DATAGRAM_BYTES_DEFAULT, DATAGRAM_BYTES_MAX } from '../../core/wire/datagram.ts';
import { decimalFrom, integerFrom, listOf } from '../shell/parse-values.ts';
import type { Register } from '../shell/register.ts';
import type { BenchOptions } from './bench-command.ts';

const MEMBERS_DEFAULT = 4;
const ALL = 'all';
const SECONDS_MAX = 60;
const SHARE_MIN = 0.01;
const SHARE_MAX = 10;
const RATE_MAX = 2_000_000;

/** One of each kind: the first that is registered. */
const ORDERINGS_BENCHED = ORDERING_GROUPS.flatMap(
  (group) => ORDERING_NAMES.find((name) => groupOf(name) === group) ?? [],
);

const EXAMPLES =
  '  mpcomm bench                                 one ordering of each kind, some two minutes\n' +
  '  mpcomm bench 8 --orderings lamport,ring --payload 1000 --svg curve.svg\n' +
  '  mpcomm bench --orderings all --loads 0.5,2 --json > loads.json\n' +
  '  mpcomm bench --rates 1000,10000,100000\n' +
  'Exit status\n  0 done; 1 members delivered in different orders though one is declared; ' +
  '2 it could not be done';

/** Registers `mpcomm bench`. */
export const addBenchCommand: Register = (add, context, finish) => {
  add(
    'bench',
    'latency against throughput, up to saturation and beyond: members on this machine, over its ' +
      'loopback, without a laboratory and without emulated distance',
    EXAMPLES,
  )
    .argument('[N]', 'members', integerFrom(LIMITS.peersMin, LIMITS.peersMax), MEMBERS_DEFAULT)
    .option(
      '--orderings <a,b,...>',
      `or "${ALL}" (default: ${ORDERINGS_BENCHED.join(', ')})`,
      parseOrderings,
    )
    .option('--payload <BYTES>', 'in each message', integerFrom(0, LIMITS.payloadBytesMax), 64)
    .option(
      '--datagram <BYTES>',
      'the longest (default: what loopback carries, and the receive buffer holds)',
      integerFrom(DATAGRAM_BYTES_DEFAULT, DATAGRAM_BYTES_MAX),
    )
    .option(
      '--seconds <S>',
      'that a run is to take; its second half counts, but for CPU, which is of all of it',
      decimalFrom(0.1, SECONDS_MAX),
      3,
    )
    .option(
      '--loads <SHARE,...>',
      'what is offered, in shares of the peak (default: 0.1 to 2)',
      listOf(decimalFrom(SHARE_MIN, SHARE_MAX)),
    )
    .option(
      '--rates <R,...>',
      'what is offered, in multicasts a second of all members together',
      listOf(integerFrom(1, RATE_MAX)),
    )
    .option('--svg <FILE>', 'draw it')
    .option('--json', 'print every figure as JSON instead of tables')
    .action(async (members: number, options: Omit<BenchOptions, 'orderings'>) => {
      const { benchCommand } = await import('./bench-command.ts');
      finish(await benchCommand(context, members, { orderings: ORDERINGS_BENCHED, ...options }));
    });
};

function parseOrderings(text: string): readonly string[] {
  if (text === ALL) return ORDERING_NAMES;
  return listOf((name) => {
    if (ORDERING_NAMES.includes(name)) return name;
    throw new InvalidArgumentError(`Allowed: ${[...ORDERING_NAMES, ALL].join(', ')}.`);
  })(text);
}
