import { parseArgs } from 'node:util';
import { ORDERINGS } from '../core/orderings/registry.ts';
import type { Delay } from '../simulation/scenario.ts';
import { namedDelay, zonedDelay } from './named-delays.ts';
import { namedOrderings } from './named-orderings.ts';
import { RunGroup } from './virtual-group/run-group.ts';

/**
 * How long a group takes for what its members multicast all at once, in virtual time: `node bench/virtual-overload.ts
 * [--peers N] [--messages M] [--bytes B] [--delay zones|near] [--datagram-us T] [--slow T,...] [--seed S] [ordering...]`.
 *
 * Real sessions, uploads and reports, on processes that take T microseconds for each datagram that they send or receive
 * (`virtual-group/`). Each time of `--slow` is a further run, in which one member takes that time. A time in the table is
 * that of the last report, in seconds of virtual time, which is the same on every machine.
 */
const US_DEFAULT = 100;
const DEADLINE_MS = 600_000;
const NEAR: Delay = { kind: 'uniform', minUs: 50, maxUs: 300 };

interface Shape {
  readonly peers: number;
  readonly messages: number;
  readonly payloadBytes: number;
  readonly delay: Delay;
  readonly datagramUs: number;
  readonly seed: number;
}

interface Outcome {
  readonly seconds: number;
  readonly missing: number;
  readonly datagramsPerDelivery: number;
  readonly overflows: number;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      peers: { type: 'string', default: '8' },
      messages: { type: 'string', default: '500' },
      bytes: { type: 'string', default: '1000' },
      delay: { type: 'string', default: 'near' },
      'datagram-us': { type: 'string', default: String(US_DEFAULT) },
      slow: { type: 'string', default: '' },
      seed: { type: 'string', default: '1' },
    },
  });
  const names = namedOrderings(positionals);
  if (names === null) return;
  const peers = Number(values.peers);
  const delay = namedDelay(values.delay, { near: NEAR, zones: zonedDelay(peers) });
  if (delay === null) return;
  const shape: Shape = {
    peers,
    messages: Number(values.messages),
    payloadBytes: Number(values.bytes),
    delay,
    datagramUs: Number(values['datagram-us']),
    seed: Number(values.seed),
  };
  const slow = values.slow === '' ? [] : values.slow.split(',').map(Number);
  await measureAll(names, shape, slow);
}

async function measureAll(
  names: readonly string[],
  shape: Shape,
  slow: readonly number[],
): Promise<void> {
  const heads = slow.map((us) => `one at ${us} us`.padStart(16));
  console.log(
    `${'ordering'.padEnd(17)}${'all alike'.padStart(11)}${'datagrams a delivery'.padStart(22)}${heads.join('')}`,
  );
  for (const name of names) {
    const alike = await measure(name, shape, shape.datagramUs);
    process.stdout.write(
      `${name.padEnd(17)}${told(alike).padStart(11)}${alike.datagramsPerDelivery.toFixed(2).padStart(22)}`,
    );
    for (const us of slow) process.stdout.write(told(await measure(name, shape, us)).padStart(16));
    process.stdout.write('\n');
  }
}

/** Seconds, and what a healthy group has none of: deliveries that are missing, and datagrams that found a socket full. */
function told({ seconds, missing, overflows }: Outcome): string {
  const lacks = missing > 0 ? `, ${missing} missing` : '';
  return `${seconds.toFixed(1)} s${lacks}${overflows > 0 ? `, ${overflows} lost` : ''}`;
}

/** The run in which the last member takes `lastUs` for a datagram. */
async function measure(name: string, shape: Shape, lastUs: number): Promise<Outcome> {
  const { peers, messages, payloadBytes, delay, datagramUs, seed } = shape;
  const timesUs = Array.from({ length: peers }, (_, self) =>
    self === peers - 1 ? lastUs : datagramUs,
  );
  const group = await new RunGroup({
    entry: ORDERINGS.get(name)!,
    peers,
    messages,
    payloadBytes,
    seed,
    intervalMs: { min: 0, max: 0 },
    network: { delay },
    datagramUs: timesUs,
    deadlineMs: DEADLINE_MS,
  }).run();
  const delivered = group.reports.reduce((sum, report) => sum + (report?.deliveries ?? 0), 0);
  const reportedAtUs = group.reports.map((_, self) => group.reportedAtUs(self));
  return {
    seconds: Math.max(...reportedAtUs.filter((atUs) => atUs < Infinity)) / 1e6,
    missing: peers * peers * messages - delivered,
    datagramsPerDelivery: group.datagrams / delivered,
    overflows: group.processes.reduce((sum, process) => sum + process.overflows, 0),
  };
}

await main();
