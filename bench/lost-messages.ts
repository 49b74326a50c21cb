import { parseArgs } from 'node:util';
import type { Message } from '../core/message.ts';
import { ORDERINGS } from '../core/orderings/registry.ts';
import { pathBetween } from '../network/network-model.ts';
import { zonesForPeers } from '../network/zones.ts';
import { calmNetwork, type Scenario } from '../simulation/scenario.ts';
import { simulate, type Observer } from '../simulation/simulate.ts';
import { namedOrderings } from './named-orderings.ts';

/**
 * What a lost message costs on the reliable channels, in virtual time: `node bench/lost-messages.ts
 * [--peers N] [--messages M] [--loss SHARE] [--seeds S] [ordering...]`.
 *
 * Members in the published zones, with jitter, multicast at the default intervals; each message has a fate of its own.
 * A loss is found when the message is transmitted again. It could be known a round trip after the transmission, or once
 * an acknowledgement of the next message on the channel that arrived was back, whichever is later; where none arrives
 * before it is found, the loss is the last of its channel for a while, and a timeout has to find it. What is
 * transmitted again although it had arrived, or was about to, is counted as needless.
 */
/** What was found this little before it could be known was found by what came a little earlier than usual. */
const JITTER_US = 10_000;

interface Transmission {
  readonly atUs: number;
  /** `Infinity` when it was lost. */
  readonly arrivesAtUs: number;
}

/** A lost transmission, and when its sender found that out. */
interface FoundLoss {
  readonly afterMs: number;
  readonly lateMs: number;
  readonly isLast: boolean;
}

/** The transmissions of one channel, by the number of the message. */
class Channel {
  readonly #transmissions: Transmission[][] = [];
  needless = 0;
  readonly found: FoundLoss[] = [];
  readonly #roundTripUs: number;

  constructor(roundTripUs: number) {
    this.#roundTripUs = roundTripUs;
  }

  note(link: number, transmission: Transmission): void {
    (this.#transmissions[link] ??= []).push(transmission);
  }

  evaluate(): void {
    const arrived = this.#transmissions.flat().filter((each) => each.arrivesAtUs < Infinity);
    for (const each of this.#transmissions) {
      if (each !== undefined) this.#evaluateMessage(each, arrived);
    }
  }

  #evaluateMessage(transmissions: readonly Transmission[], arrived: readonly Transmission[]): void {
    for (const [index, { atUs, arrivesAtUs }] of transmissions.entries()) {
      const again = transmissions[index + 1];
      if (arrivesAtUs < Infinity) {
        this.needless += transmissions.length - 1 - index;
        return;
      }
      if (again !== undefined) this.#find(atUs, again.atUs, arrived);
    }
  }

  #find(lostAtUs: number, foundAtUs: number, arrived: readonly Transmission[]): void {
    const later = arrived.filter(({ atUs }) => atUs > lostAtUs);
    const toldUs = Math.min(...later.map((each) => each.arrivesAtUs)) + this.#roundTripUs / 2;
    const isLast = toldUs > foundAtUs + JITTER_US;
    const knownUs = Math.max(lostAtUs + this.#roundTripUs, isLast ? 0 : toldUs);
    const [afterMs, lateMs] = [(foundAtUs - lostAtUs) / 1_000, (foundAtUs - knownUs) / 1_000];
    this.found.push({ afterMs, lateMs, isLast });
  }
}

/** Notes what is put on the channels of a run in `zones`. */
function watching(zones: readonly string[]) {
  const channels = new Map<string, Channel>();
  const counts = { packets: 0 };
  const send = (
    atUs: number,
    from: number,
    to: number,
    { link }: Message,
    arrivesAtUs: number,
  ): void => {
    counts.packets += 1;
    if (link === 0) return;
    const key = `${from} ${to}`;
    const channel =
      channels.get(key) ?? new Channel(2 * pathBetween(zones[from]!, zones[to]!).oneWayUs);
    channels.set(key, channel);
    channel.note(link, { atUs, arrivesAtUs });
  };
  const observer: Observer = { send };
  return { observer, channels, counts };
}

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      peers: { type: 'string', default: '4' },
      messages: { type: 'string', default: '100' },
      loss: { type: 'string', default: '0.1' },
      seeds: { type: 'string', default: '4' },
    },
  });
  const names = namedOrderings(positionals);
  if (names === null) return;
  const peers = Number(values.peers);
  const zones = zonesForPeers(peers, null);
  const network = {
    ...calmNetwork({ kind: 'zones', zones, jitter: true }),
    loss: Number(values.loss),
  };
  const intervalUs = { min: 10_000, max: 99_000 };
  const run = {
    peers,
    messages: Number(values.messages),
    payloadBytes: 0,
    intervalUs,
    network,
    faults: [],
  };
  console.log(
    '| ordering | own p50, p90, p99, ms | own missing | packets a delivery | lost | needless | found after, ms | later than could be known | last: found after | a round trip and |',
  );
  console.log(`| --- |${' ---: |'.repeat(9)}`);
  for (const name of names) {
    printRow(name, { ...run, seed: 1, endUs: 600_000_000 }, zones, Number(values.seeds));
  }
}

function printRow(name: string, scenario: Scenario, zones: readonly string[], seeds: number): void {
  const [own, found]: [number[], FoundLoss[]] = [[], []];
  let [packets, needless, deliveries, missing] = [0, 0, 0, 0];
  for (let seed = 1; seed <= seeds; seed += 1) {
    const { observer, channels, counts } = watching(zones);
    const result = simulate(ORDERINGS.get(name)!.create, { ...scenario, seed }, observer);
    if (result.failure !== null) throw result.failure.error;
    packets += counts.packets;
    for (const { sequence, ownLatencyUs } of result.members) {
      deliveries += sequence.length;
      // What its sender never delivered has no latency, and would be taken for the longest of all.
      const delivered = ownLatencyUs.filter((us) => !Number.isNaN(us));
      missing += ownLatencyUs.length - delivered.length;
      own.push(...delivered);
    }
    for (const channel of channels.values()) {
      channel.evaluate();
      needless += channel.needless;
      found.push(...channel.found);
    }
  }
  const told = found.filter(({ isLast }) => !isLast);
  const last = found.filter(({ isLast }) => isLast);
  const after = ({ afterMs }: FoundLoss): number => afterMs;
  const late = ({ lateMs }: FoundLoss): number => lateMs;
  const cells = [
    name,
    [0.5, 0.9, 0.99]
      .map((share) => quantile(own, share) / 1_000)
      .map(rounded)
      .join(', '),
    missing,
    (packets / deliveries).toFixed(2),
    found.length,
    needless,
    spread(told.map(after)),
    spread(told.map(late)),
    spread(last.map(after)),
    spread(last.map(late)),
  ];
  console.log(`| ${cells.join(' | ')} |`);
}

/** The median and the 90th percentile. */
function spread(values: readonly number[]): string {
  if (values.length === 0) return '';
  return `${rounded(quantile(values, 0.5))}, ${rounded(quantile(values, 0.9))}`;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

function rounded(value: number): string {
  return value.toFixed(0);
}

main();
