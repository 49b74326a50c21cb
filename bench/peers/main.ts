import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { drawSystems } from '../../charts/bench/systems-side-by-side.ts';
import { defaultDatagramBytes } from '../../cli/bench/default-datagram.ts';
import { integerFrom } from '../../cli/shell/parse-values.ts';
import { LIMITS } from '../../control/limits.ts';
import { DATAGRAM_BYTES_DEFAULT, DATAGRAM_BYTES_MAX } from '../../core/wire/datagram.ts';
import { openSystems, SYSTEM_NAMES } from './all-systems.ts';
import { interleave, type MeasuredSystem } from './interleave.ts';
import { renderSystems, spreadOf } from './render-systems.ts';

const USAGE = `npx node bench/peers/main.ts [options] [system...]

Ordered deliveries a second at each member, side by side: all members on this machine, over loopback,
each multicasting as fast as it can. The systems take turns, so that what else the machine does falls
on all alike.

  --peers N        members, 2 to ${LIMITS.peersMax} (default: 4)
  --bytes B        of each message, 8 to 1000 (default: 64)
  --rounds R       runs of each system (default: 3)
  --seconds S      that a run is to take, 1 to 60: the rate of the run before says how many messages (default: 3)
  --datagram B,... bytes of a datagram of this project's members, ${DATAGRAM_BYTES_DEFAULT} to ${DATAGRAM_BYTES_MAX};
                   each ordering is run with each (default: what loopback carries); bare-large and
                   corosync-large have the longest of them
  --json           every run, as JSON
  --chart FILE     draws it as SVG

Systems: ${SYSTEM_NAMES.join(', ')} (default: all)`;

const { values, positionals } = readArguments();
const peers = read('peers', values.peers, 2, LIMITS.peersMax);
const payloadBytes = read('bytes', values.bytes, 8, 1_000);
const told = values.datagram?.split(',') ?? [String(await defaultDatagramBytes())];
const datagrams = told.map((each) =>
  read('datagram', each, DATAGRAM_BYTES_DEFAULT, DATAGRAM_BYTES_MAX),
);
const rounds = read('rounds', values.rounds, 1, 100);
const seconds = read('seconds', values.seconds, 1, 60);
const names = positionals.length > 0 ? positionals : SYSTEM_NAMES;
const unknown = names.find((name) => !SYSTEM_NAMES.includes(name));
if (unknown !== undefined) refuse(`there is no system ${unknown}`);

const directory = mkdtempSync(join(tmpdir(), 'mpcomm-bench-'));
const removeDirectory = (): void => rmSync(directory, { recursive: true, force: true });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    removeDirectory();
    process.exit(2);
  });
}
try {
  const systems = openSystems(names, directory, datagrams);
  const present = systems.filter((system) => 'run' in system);
  for (const each of systems) {
    console.error(`${each.name}: ${'run' in each ? each.description : `skipped: ${each.missing}`}`);
  }
  const load = { members: peers, payloadBytes, seconds };
  const measured = await interleave(present, load, rounds, (text) => console.error(text));
  await show(measured);
} finally {
  removeDirectory();
}

async function show(measured: readonly MeasuredSystem[]): Promise<void> {
  const machine = `${cpus().length} x ${cpus()[0]?.model ?? 'an unknown processor'}`;
  const about = { machine, node: process.versions.node, peers, payloadBytes, datagrams, seconds };
  if (values.json) console.log(JSON.stringify({ ...about, measured }, null, 2));
  else console.log(`${renderSystems(measured)}\n${machine}, Node ${process.versions.node}`);
  if (values.chart === undefined) return;
  const rows = measured.flatMap((each) => spreadOf(each) ?? []);
  const source = `${machine}, Node ${process.versions.node}; all members on this machine, over loopback.`;
  writeFileSync(values.chart, await drawSystems(rows, { peers, payloadBytes, rounds, source }));
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        peers: { type: 'string', default: '4' },
        bytes: { type: 'string', default: '64' },
        rounds: { type: 'string', default: '3' },
        seconds: { type: 'string', default: '3' },
        datagram: { type: 'string' },
        json: { type: 'boolean', default: false },
        chart: { type: 'string' },
      },
    });
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function read(name: string, text: string, min: number, max: number): number {
  try {
    return integerFrom(min, max)(text);
  } catch {
    return refuse(`--${name} is ${min} to ${max}, not ${text}`);
  }
}

function refuse(why: string): never {
  console.error(`${why}\n\n${USAGE}`);
  process.exit(2);
}
