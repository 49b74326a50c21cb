import { parseArgs } from 'node:util';
import { integerFrom } from '../cli/shell/parse-values.ts';
import { ORDERING_NAMES } from '../core/orderings/registry.ts';
import { loadLibc, NativeTransportError } from '../peer/transport/native/libc.ts';
import { openSystems } from './peers/all-systems.ts';
import type { Load } from './peers/system.ts';
import { median, type RunFigures } from './peers/figures.ts';

const USAGE = `node bench/transports.ts [options] [ordering...]

The processor time of a delivery by Node's dgram and by the native transport, in turns, so that what else
the machine does falls on both alike: all members on this machine, over loopback, each multicasting as fast
as it can. Default: sequencer-bb, sequencer and unordered.

  --peers N      members (default 4)
  --bytes B      of a message (default 64)
  --messages M   of each member in a run (default 50000)
  --rounds R     runs of each (default 5)`;

type Transport = 'dgram' | 'native';
type Round = Readonly<Record<Transport, RunFigures>>;

const DATAGRAM_BYTES = 1_200;
const SECONDS_MAX = 60;
const INSTALL = 'npm install --include=optional brings it';

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      peers: { type: 'string', default: '4' },
      bytes: { type: 'string', default: '64' },
      messages: { type: 'string', default: '50000' },
      rounds: { type: 'string', default: '5' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  await loadLibc();
  const load = {
    members: integerFrom(2, 32)(values.peers),
    payloadBytes: integerFrom(8, 1_000)(values.bytes),
    messages: integerFrom(1, 1_000_000)(values.messages),
    secondsMax: SECONDS_MAX,
  };
  const rounds = integerFrom(1, 100)(values.rounds);
  const names = positionals.length > 0 ? positionals : ['sequencer-bb', 'sequencer', 'unordered'];
  for (const name of names) tell(name, await measure(name, load, rounds));
}

/** The figures of each round; which transport comes first changes from round to round. */
async function measure(name: string, load: Load, rounds: number): Promise<Round[]> {
  const [system] = openSystems([name], '', DATAGRAM_BYTES);
  if (system === undefined || !('run' in system) || !ORDERING_NAMES.includes(name)) {
    throw new Error(`${name} is no ordering; the orderings are ${ORDERING_NAMES.join(', ')}`);
  }
  const run = (transport: Transport): Promise<RunFigures> => {
    // Members are processes, which are told by their environment.
    process.env['MPCOMM_TRANSPORT'] = transport;
    return system.run(load);
  };
  const measured: Round[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const native = round % 2 === 0 ? null : await run('native');
    const dgram = await run('dgram');
    measured.push({ dgram, native: native ?? (await run('native')) });
  }
  return measured;
}

function tell(name: string, measured: readonly Round[]): void {
  const cpuOf = (transport: Transport): string =>
    median(measured.map((each) => each[transport].cpuUsPerDelivery)).toFixed(2);
  const shares = measured.map(
    ({ dgram, native }) => dgram.cpuUsPerDelivery / native.cpuUsPerDelivery,
  );
  const missing = measured.reduce(
    (sum, { dgram, native }) => sum + dgram.missing + native.missing,
    0,
  );
  console.log(
    `${name.padEnd(18)} CPU us a delivery: dgram ${cpuOf('dgram')}, native ${cpuOf('native')}; ` +
      `cheaper by ${median(shares).toFixed(2)} (${Math.min(...shares).toFixed(2)}..${Math.max(...shares).toFixed(2)}); ` +
      `missing ${missing}`,
  );
}

try {
  await main();
} catch (error) {
  const hint =
    error instanceof NativeTransportError && error.cause !== undefined ? `; ${INSTALL}` : '';
  console.error(`${error instanceof Error ? error.message : String(error)}${hint}`);
  process.exitCode = 1;
}
