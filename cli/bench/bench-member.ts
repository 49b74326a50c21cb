import type { RunPlan } from '../../control/command.ts';
import { ORDERINGS } from '../../core/orderings/registry.ts';
import { takeApart } from '../../core/wire/datagram.ts';
import { systemClock } from '../../peer/clock.ts';
import { Alarm } from '../../peer/run/alarm.ts';
import { Session } from '../../peer/run/session.ts';
import { Turns } from '../../peer/run/turns.ts';
import { deriveRunKey } from '../../peer/transport/authentication.ts';
import { DatagramChannel } from '../../peer/transport/datagram-channel.ts';
import { loadLibc } from '../../peer/transport/native/libc.ts';
import { openUdpCarrier } from '../../peer/transport/udp-carrier.ts';
import { openUdpEndpoint } from '../../peer/transport/udp-endpoint.ts';
import type { MemberFigures } from './member-figures.ts';
import { OpenLoop } from './open-loop.ts';
import { planOfTask, type MemberTask } from './member-task.ts';
import { SteadyRecorder } from './steady-recorder.ts';

/**
 * One member of a bench in a process of its own: the daemon's session on real sockets, with
 * authentication, recovery and the recorder, but without a store. It is forked with its `MemberTask`, says
 * its port, is told the ports of all, and says its figures.
 */
const task = JSON.parse(process.argv[2] ?? '') as MemberTask;
/** No secret: nobody but the members of the bench is told their ports. */
const SECRET = '0123456789abcdef0123456789abcdef';

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
const libc = process.env['MPCOMM_TRANSPORT'] === 'native' ? await loadLibc() : null;
const endpoint = await openUdpEndpoint(
  '127.0.0.1',
  0,
  (bytes) => {
    let isOfRun = false;
    takeApart(bytes, (datagram) => {
      if (session?.receive(datagram) === true) isOfRun = true;
    });
    if (isOfRun) turns.tookDatagrams();
  },
  () => undefined,
  libc,
);

async function begin(ports: readonly number[], createdAtMs: number): Promise<void> {
  const { self, ordering, datagramBytes, intervalUsMax, warmUpShare } = task;
  const plan = planOfTask(task, ports, createdAtMs);
  const carrier = await openUdpCarrier(self, plan.members, () => undefined, libc);
  const runKey = deriveRunKey(SECRET, plan.runId);
  const channel = new DatagramChannel(self, ports.length, runKey, carrier, datagramBytes);
  const schedule = intervalUsMax > 0 ? openLoopOf(plan) : undefined;
  const dueAt = schedule === undefined ? null : (sequence: number) => schedule.dueAt(sequence);
  const recorder = new SteadyRecorder(self, plan, warmUpShare, dueAt);
  const offsetUs = clock.monotonicUs() - clock.wallMs() * 1_000;
  const cpuBefore = process.cpuUsage();
  session = new Session({
    plan,
    self,
    ...(schedule === undefined ? {} : { schedule }),
    entry: ORDERINGS.get(ordering)!,
    channel,
    receiveBufferBytes: endpoint.receiveBufferBytes,
    recorder,
    events: null,
    clock: clock.monotonicUs,
    joinByUs: Math.floor(plan.joinByMs * 1_000 + offsetUs),
    deadlineUs: Math.floor(plan.deadlineMs * 1_000 + offsetUs),
    onFlush: () => undefined,
    onEnd: () => tell(recorder, channel.datagramsSent, process.cpuUsage(cpuBefore)),
  });
  alarm.set(session.wakeAt);
}

function openLoopOf({ messages, seed }: RunPlan): OpenLoop {
  return new OpenLoop(messages, { min: 0, max: task.intervalUsMax }, seed, task.self);
}

function tell(recorder: SteadyRecorder, datagrams: number, cpu: NodeJS.CpuUsage): void {
  const figures: MemberFigures = {
    deliveries: recorder.distinct,
    perSecond: recorder.perSecond,
    orderHash: `${recorder.deliveredOrder.first}-${recorder.deliveredOrder.second}`,
    cpuUs: cpu.user + cpu.system,
    ownP50Ms: recorder.ownMs(50),
    ownP99Ms: recorder.ownMs(99),
    datagrams,
    residentMiB: process.memoryUsage().rss / 2 ** 20,
  };
  process.send!({ figures });
}

process.on('disconnect', () => process.exit(0));
process.on('message', (told: { ports: number[]; atMs: number }) => {
  void begin(told.ports, told.atMs);
});
process.send!({ port: endpoint.port });
