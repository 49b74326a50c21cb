import { parseArgs } from 'node:util';
import { medianOf } from '../charts/statistics.ts';
import { BenchSession } from '../cli/bench/bench-session.ts';
import type { MemberTask } from '../cli/bench/member-task.ts';
import { integerFrom } from '../cli/shell/parse-values.ts';
import { LIMITS } from '../control/limits.ts';
import { ORDERING_NAMES } from '../core/orderings/registry.ts';
import { type Libc, loadLibc, NativeTransportError } from '../peer/transport/native/libc.ts';

const USAGE = `npx node bench/transports.ts [options] [ordering...]

The processor time of a delivery by Node's dgram and by the native transport: all members in this one
process, over loopback, each multicasting as fast as it can. The transports take turns, so that what else
the machine does falls on both alike. Default: every ordering.

  --peers N      members (default 4)
  --bytes B      of a message (default 64)
  --messages M   of each member in a run (default 20000)
  --rounds R     runs of each that count (default 5)`;

const SECONDS_MAX = 120;

type Load = Pick<MemberTask, 'ordering' | 'messages' | 'payloadBytes'> & { peers: number };

/** Of a delivery, in microseconds of processor time; `missing`: deliveries that there should have been. */
interface Cost {
  readonly us: number;
  readonly systemUs: number;
  readonly missing: number;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      peers: { type: 'string', default: '4' },
      bytes: { type: 'string', default: '64' },
      messages: { type: 'string', default: '20000' },
      rounds: { type: 'string', default: '5' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  const libc = await loadLibc();
  const names = positionals.length > 0 ? positionals : ORDERING_NAMES;
  const unknown = names.find((name) => !ORDERING_NAMES.includes(name));
  if (unknown !== undefined) {
    throw new Error(`there is no ordering ${unknown}; there are ${ORDERING_NAMES.join(', ')}`);
  }
  const rounds = integerFrom(1, 100)(values.rounds);
  for (const ordering of names) {
    const load = {
      ordering,
      peers: integerFrom(2, LIMITS.peersMax)(values.peers),
      payloadBytes: integerFrom(0, 1_000)(values.bytes),
      messages: integerFrom(1, 1_000_000)(values.messages),
    };
    await compare(load, rounds, libc);
  }
}

/** A run of each that does not count, since it compiles; then `rounds` of each, either one first in turn. */
async function compare(load: Load, rounds: number, libc: Libc): Promise<void> {
  await measure(load, null);
  await measure(load, libc);
  const [dgram, native]: [Cost[], Cost[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2 === 0) dgram.push(await measure(load, null));
    native.push(await measure(load, libc));
    if (round % 2 === 1) dgram.push(await measure(load, null));
  }
  const shares = dgram.map(({ us }, round) => us / native[round]!.us);
  const missing = [...dgram, ...native].reduce((sum, each) => sum + each.missing, 0);
  const range = `${Math.min(...shares).toFixed(2)}..${Math.max(...shares).toFixed(2)}`;
  console.log(
    `${load.ordering.padEnd(16)} CPU us a delivery (of it the system's): dgram ${describe(dgram)}, ` +
      `native ${describe(native)}; dgram / native ${medianOf(shares)!.toFixed(2)} (${range}); missing ${missing}`,
  );
}

function describe(costs: readonly Cost[]): string {
  const of = (pick: (cost: Cost) => number): string => medianOf(costs.map(pick))!.toFixed(2);
  return `${of(({ us }) => us)} (${of(({ systemUs }) => systemUs)})`;
}

async function measure(load: Load, libc: Libc | null): Promise<Cost> {
  const { peers, ...work } = load;
  const rules = { intervalUsMax: 0, datagramBytes: 1_200, secondsMax: SECONDS_MAX, warmUpShare: 0 };
  const open = (_: unknown, self: number): Promise<BenchSession> =>
    BenchSession.open({ run: 0, self, ...work, ...rules }, libc);
  const members = await Promise.all(Array.from({ length: peers }, open));
  const ports = members.map(({ port }) => port);
  const [atMs, before] = [Date.now(), process.cpuUsage()];
  const outcomes = await Promise.all(members.map((member) => member.run(ports, atMs)));
  const { user, system } = process.cpuUsage(before);
  await Promise.all(members.map((member) => member.close()));
  const deliveries = outcomes.reduce((sum, { recorder }) => sum + recorder.distinct, 0);
  return {
    us: (user + system) / deliveries,
    systemUs: system / deliveries,
    missing: peers * peers * load.messages - deliveries,
  };
}

try {
  await main();
} catch (error) {
  // Another system is a fact, and a package that is missing can be brought.
  const isAbsent = error instanceof NativeTransportError && error.cause !== undefined;
  const hint = isAbsent ? '; npm ci --include=optional brings it' : '';
  console.error(`${error instanceof Error ? error.message : String(error)}${hint}`);
  process.exitCode = 1;
}
