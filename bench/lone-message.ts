import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { RunPlan } from '../control/command.ts';
import { ORDERINGS, type OrderingEntry } from '../core/orderings/registry.ts';
import { planOfTask } from '../cli/bench/member-task.ts';
import { SteadyRecorder } from '../cli/bench/steady-recorder.ts';
import { systemClock } from '../peer/clock.ts';
import { Session, type SessionOptions } from '../peer/run/session.ts';
import { monotonicTimesOf, SessionDriver } from '../peer/run/session-driver.ts';
import { deriveRunKey } from '../peer/transport/authentication.ts';
import { type Carrier, DatagramChannel } from '../peer/transport/datagram-channel.ts';
import { openUdpCarrier } from '../peer/transport/udp-carrier.ts';
import { openUdpEndpoint } from '../peer/transport/udp-endpoint.ts';

/**
 * What packing adds to a message that is alone: `node bench/lone-message.ts [ordering...]`. Four members on real
 * sockets of this machine, in this process, multicast one message of 64 bytes each 50 ms, with the layer that makes packs
 * and without it, by turns. Measured are the time from each multicast to the first datagram that its sender hands to the
 * system after it, which is all that packs can lengthen, and the time to the message's delivery at its sender.
 */
const MEMBERS = 4;
const MESSAGES = 100;
const INTERVAL_MS = 50;
const ROUNDS = 3;
/** The share of the messages that warm up: Node compiles meanwhile. */
const WARM_UP_SHARE = 0.3;
const DATAGRAM_BYTES = 1_200;
const SECONDS_MAX = 60;
const SECRET = '0123456789abcdef0123456789abcdef';

/** Tells a stopwatch when its member multicasts what counts. */
class LoneRecorder extends SteadyRecorder {
  readonly #stopwatch: Stopwatch;

  constructor(self: number, plan: RunPlan, stopwatch: Stopwatch) {
    super(self, plan, WARM_UP_SHARE, null);
    this.#stopwatch = stopwatch;
  }

  override multicast(now: number, sequence: number): void {
    super.multicast(now, sequence);
    if (sequence >= WARM_UP_SHARE * MESSAGES) this.#stopwatch.start();
  }
}

/** Measures, in microseconds, from each multicast to the next datagram of its member. */
class Stopwatch {
  readonly #times: RecordableHistogram;
  #startedMs = -1;

  constructor(times: RecordableHistogram) {
    this.#times = times;
  }

  start(): void {
    this.#startedMs = performance.now();
  }

  stop(): void {
    if (this.#startedMs < 0) return;
    this.#times.record(Math.max(1, Math.round((performance.now() - this.#startedMs) * 1_000)));
    this.#startedMs = -1;
  }
}

/** One run of all members; adds what they measured to `times`, and returns their medians of own deliveries in ms. */
async function run(entry: OrderingEntry, times: RecordableHistogram): Promise<number[]> {
  const drivers: SessionDriver[] = [];
  const take = (self: number) => (bytes: Uint8Array) => drivers[self]?.receive(bytes);
  const endpoints = await Promise.all(
    Array.from({ length: MEMBERS }, (_, self) =>
      openUdpEndpoint('127.0.0.1', 0, take(self), () => undefined),
    ),
  );
  const shape = { ordering: entry.name, messages: MESSAGES, payloadBytes: 64, intervalUsMax: 0 };
  const limits = { datagramBytes: DATAGRAM_BYTES, secondsMax: SECONDS_MAX };
  const task = { run: 0, self: 0, ...shape, ...limits, warmUpShare: WARM_UP_SHARE };
  const ports = endpoints.map(({ port }) => port);
  const intervalMs = { min: INTERVAL_MS, max: INTERVAL_MS };
  const plan = { ...planOfTask(task, ports, Date.now()), intervalMs };
  try {
    return await Promise.all(
      endpoints.map(({ receiveBufferBytes }, self) =>
        runMember({ plan, self, entry, receiveBufferBytes }, times, drivers),
      ),
    );
  } finally {
    await Promise.all(endpoints.map((endpoint) => endpoint.close()));
  }
}

type Part = Pick<SessionOptions, 'plan' | 'self' | 'entry' | 'receiveBufferBytes'>;

/** One member's part: it puts what drives it into `drivers`, for its datagrams, and returns its median in ms. */
async function runMember(part: Part, times: RecordableHistogram, drivers: SessionDriver[]) {
  const { plan, self } = part;
  const stopwatch = new Stopwatch(times);
  const recorder = new LoneRecorder(self, plan, stopwatch);
  const sockets = await openUdpCarrier(self, plan.members, () => undefined, null);
  const carrier: Carrier = {
    losses: 0,
    send: (to, datagram) => {
      stopwatch.stop();
      return sockets.send(to, datagram);
    },
    close: () => sockets.close(),
  };
  const key = deriveRunKey(SECRET, plan.runId);
  await new Promise<void>((resolve) => {
    const session = new Session({
      ...part,
      channel: new DatagramChannel(self, MEMBERS, key, carrier, DATAGRAM_BYTES),
      recorder,
      events: null,
      ...monotonicTimesOf(plan, systemClock),
      onFlush: () => undefined,
      onEnd: () => undefined,
    });
    drivers[self] = new SessionDriver(session, systemClock, resolve);
  });
  drivers[self]!.off();
  return recorder.ownMs(50) ?? 0;
}

async function compare(name: string): Promise<void> {
  const packed = ORDERINGS.get(name);
  if (packed?.createUnpacked === undefined) {
    throw new Error(
      `${name} is no ordering that packs; allowed: ${[...ORDERINGS.keys()].join(', ')}`,
    );
  }
  const ways = [
    { label: 'packed', entry: packed, times: createHistogram(), own: [] as number[] },
    {
      label: 'without',
      entry: { ...packed, create: packed.createUnpacked },
      times: createHistogram(),
      own: [] as number[],
    },
  ];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const way of ways) way.own.push(...(await run(way.entry, way.times)));
  }
  for (const { label, times, own } of ways) {
    const [p50, p99] = [times.percentile(50), times.percentile(99)];
    const median = own.sort((a, b) => a - b)[Math.floor(own.length / 2)]!;
    console.log(
      `${name.padEnd(17)}${label.padEnd(9)}to the system ${String(p50).padStart(6)} us (99 %: ${p99}), ` +
        `delivered at home after ${median.toFixed(2)} ms`,
    );
  }
}

const asked = process.argv.slice(2);
for (const name of asked.length === 0 ? ORDERINGS.keys() : asked) await compare(name);
