import { ORDERINGS } from '../../core/orderings/registry.ts';
import { Payloads } from '../../control/workload.ts';
import type { RunPlan } from '../../control/command.ts';
import { systemClock } from '../../peer/clock.ts';
import { Alarm } from '../../peer/run/alarm.ts';
import { Recorder } from '../../peer/run/recorder.ts';
import { Session } from '../../peer/run/session.ts';
import { Turns } from '../../peer/run/turns.ts';
import { deriveRunKey } from '../../peer/transport/authentication.ts';
import { DatagramChannel } from '../../peer/transport/datagram-channel.ts';
import { openUdpCarrier } from '../../peer/transport/udp-carrier.ts';
import { openUdpEndpoint } from '../../peer/transport/udp-endpoint.ts';
import type { MemberFigures } from './figures.ts';

/**
 * One member of this project in a process of its own: the daemon's session on real sockets, with
 * authentication, recovery and the recorder, but without a store. bench/peers/main.ts starts it, and
 * tells it by messages of the process where the others are: `[self, messages, payloadBytes, secondsMax,
 * ordering, datagramBytes]`.
 */
const [selfText, messages, payloadBytes, secondsMax, ordering = '', datagramText = '1200'] =
  process.argv.slice(2);
const datagramBytes = Number(datagramText);
const self = Number(selfText);
const JOIN_MS = 10_000;

const clock = systemClock;
let session: Session | null = null;

const turns = new Turns(clock, () => {
  session?.settle();
  alarm.set(session?.wakeAt ?? Infinity);
});
const alarm = new Alarm(clock, () => {
  session?.tick();
  turns.settleSoon();
});
const endpoint = await openUdpEndpoint(
  '127.0.0.1',
  0,
  (datagram) => {
    if (session?.receive(datagram) === true) turns.tookDatagram();
  },
  () => undefined,
);

async function begin(ports: readonly number[], createdAtMs: number): Promise<void> {
  const plan = planOf(ports, createdAtMs);
  const carrier = await openUdpCarrier(self, plan.members, () => undefined);
  const channel = new DatagramChannel(
    self,
    ports.length,
    deriveRunKey('0123456789abcdef0123456789abcdef', plan.runId),
    carrier,
    datagramBytes,
  );
  const recorder = new Recorder(self, ports.length, plan.messages, new Payloads(plan));
  const offsetUs = clock.monotonicUs() - clock.wallMs() * 1_000;
  const cpuBefore = process.cpuUsage();
  session = new Session({
    plan,
    self,
    entry: ORDERINGS.get(ordering)!,
    channel,
    receiveBufferBytes: endpoint.receiveBufferBytes,
    recorder,
    events: null,
    clock: clock.monotonicUs,
    joinByUs: Math.floor(plan.joinByMs * 1_000 + offsetUs),
    deadlineUs: Math.floor(plan.deadlineMs * 1_000 + offsetUs),
    onFlush: () => undefined,
    onEnd: () => {
      const { user, system } = process.cpuUsage(cpuBefore);
      const seconds = (recorder.lastDeliveryAt - recorder.firstMulticastAt) / 1_000_000;
      const figures: MemberFigures = {
        deliveries: recorder.distinct,
        perSecond: recorder.distinct / seconds,
        orderHash: `${recorder.deliveredOrder.first}-${recorder.deliveredOrder.second}`,
        cpuUs: user + system,
        ownP50Ms: recorder.counters().ownLatencyMs.p50 ?? 0,
        ownP99Ms: recorder.counters().ownLatencyMs.p99 ?? 0,
        datagrams: channel.datagramsSent,
        residentMiB: process.memoryUsage().rss / 2 ** 20,
      };
      process.send!({ figures });
    },
  });
  alarm.set(session.wakeAt);
}

function planOf(ports: readonly number[], createdAtMs: number): RunPlan {
  return {
    runId: '20260101-000000-0000abcd',
    ordering,
    messages: Number(messages),
    intervalMs: { min: 0, max: 0 },
    payloadBytes: Number(payloadBytes),
    seed: 7,
    members: ports.map((port, index) => ({
      peerId: `peer-${index}`,
      incarnation: `incarnation-${index}`,
      zone: 'us-central1-a',
      host: '127.0.0.1',
      port,
      datagramBytes,
    })),
    createdAtMs,
    joinByMs: createdAtMs + JOIN_MS,
    deadlineMs: createdAtMs + 1_000 * Number(secondsMax),
  };
}

process.on('disconnect', () => process.exit(0));
process.on('message', (told: { ports: number[]; atMs: number }) => {
  void begin(told.ports, told.atMs);
});
process.send!({ port: endpoint.port });
