import { type Command, Option } from 'commander';
import { LIMITS } from '../../control/limits.ts';
import { ORDERING_DEFAULT } from '../../core/orderings/registry.ts';
import { LOCAL_BACKEND_NAMES } from '../../local/prepared-backend.ts';
import { STATE_DIRECTORY_DEFAULT } from '../../local/state-directory.ts';
import { PUBLISHED_ZONES } from '../../network/zones.ts';
import { withCloud } from '../site/cloud-options.ts';
import { decimalFrom, integerFrom, parseZones } from './parse-values.ts';

/** Options that several commands share. */
export const BACKEND_NAMES: readonly string[] = [...LOCAL_BACKEND_NAMES, 'gcp'];

const PEERS_UP_DEFAULT = PUBLISHED_ZONES.length;
const LOSS_MAX = 0.5;

export function withState(command: Command): Command {
  return command.addOption(
    new Option('--state <DIRECTORY>', 'where the laboratory keeps its files')
      .env('MPCOMM_STATE_DIRECTORY')
      .default(STATE_DIRECTORY_DEFAULT),
  );
}

/** A laboratory on this machine, or the one that is deployed. */
export function withSiteOrCloud(command: Command): Command {
  return withCloud(withSite(command, BACKEND_NAMES));
}

export function withSite(
  command: Command,
  backends: readonly string[] = LOCAL_BACKEND_NAMES,
): Command {
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

export function withPeers(command: Command): Command {
  return command
    .option(
      '--peers <COUNT>',
      'peers of a laboratory that is started',
      integerFrom(LIMITS.peersMin, LIMITS.peersMax),
      PEERS_UP_DEFAULT,
    )
    .option('--ordering <FILE>', 'one of your own, which it has besides those of the project');
}

export function withSeed(command: Command): Command {
  return command.option(
    '--seed <S>',
    'repeats the intervals of a run; 0 to 4294967295',
    integerFrom(0, LIMITS.seedMax),
  );
}

export function orderingOption(): Option {
  return new Option(
    '--ordering <NAME|FILE>',
    `see "mpcomm orderings", or a .ts or .js file of your own (default: "${ORDERING_DEFAULT}")`,
  );
}
