import type { RunPlan } from '../../control/command.ts';
import { ORDERINGS } from '../../core/orderings/registry.ts';
import { systemClock } from '../../peer/clock.ts';
import { Session } from '../../peer/run/session.ts';
import { SessionDriver, monotonicTimesOf } from '../../peer/run/session-driver.ts';
import { deriveRunKey } from '../../peer/transport/authentication.ts';
import { DatagramChannel } from '../../peer/transport/datagram-channel.ts';
import type { Libc } from '../../peer/transport/native/libc.ts';
import { openUdpCarrier } from '../../peer/transport/udp-carrier.ts';
import { openUdpEndpoint, type UdpEndpoint } from '../../peer/transport/udp-endpoint.ts';
import { planOfTask, type MemberTask } from './member-task.ts';
import { OpenLoop } from './open-loop.ts';
import { SteadyRecorder } from './steady-recorder.ts';

/** No secret: nobody but the members of the bench is told their ports. */
const SECRET = '0123456789abcdef0123456789abcdef';

const clock = systemClock;

/** What a member of a bench has done when its run is over. */
export interface BenchOutcome {
  readonly recorder: SteadyRecorder;
  readonly datagrams: number;
}

/**
 * The part of one member in a bench: the daemon's session on real sockets, with authentication, recovery and
 * the recorder, but without a store.
 */
export class BenchSession {
  readonly #task: MemberTask;
  readonly #libc: Libc | null;
  #session: Session | null = null;
  #driver: SessionDriver | null = null;
  #endpoint!: UdpEndpoint;

  private constructor(task: MemberTask, libc: Libc | null) {
    this.#task = task;
    this.#libc = libc;
  }

  /** Binds its socket. With `libc`, datagrams go by the native transport. */
  static async open(task: MemberTask, libc: Libc | null): Promise<BenchSession> {
    const opened = new BenchSession(task, libc);
    const take = (bytes: Uint8Array): void => opened.#driver?.receive(bytes);
    opened.#endpoint = await openUdpEndpoint('127.0.0.1', 0, take, () => undefined, libc);
    return opened;
  }

  get port(): number {
    return this.#endpoint.port;
  }

  /** Runs with members at these ports of this machine, until this one's run is over. */
  async run(ports: readonly number[], createdAtMs: number): Promise<BenchOutcome> {
    const { self, ordering, datagramBytes, warmUpShare } = this.#task;
    const plan = planOfTask(this.#task, ports, createdAtMs);
    const carrier = await openUdpCarrier(self, plan.members, () => undefined, this.#libc);
    const runKey = deriveRunKey(SECRET, plan.runId);
    const channel = new DatagramChannel(self, ports.length, runKey, carrier, datagramBytes);
    const schedule = this.#schedule(plan);
    const dueAt = schedule === undefined ? null : (sequence: number) => schedule.dueAt(sequence);
    const recorder = new SteadyRecorder(self, plan, warmUpShare, dueAt);
    return new Promise((resolve) => {
      this.#session = new Session({
        plan,
        self,
        ...(schedule === undefined ? {} : { schedule }),
        entry: ORDERINGS.get(ordering)!,
        channel,
        receiveBufferBytes: this.#endpoint.receiveBufferBytes,
        recorder,
        events: null,
        ...monotonicTimesOf(plan, clock),
        onFlush: () => undefined,
        onEnd: () => resolve({ recorder, datagrams: channel.datagramsSent }),
      });
      this.#driver = new SessionDriver(this.#session, clock);
    });
  }

  /** Leaves the run and closes its sockets. */
  async close(): Promise<void> {
    this.#driver?.off();
    this.#session?.close();
    await this.#endpoint.close();
  }

  #schedule({ messages, seed }: RunPlan): OpenLoop | undefined {
    const { self, intervalUsMax } = this.#task;
    if (intervalUsMax === 0) return undefined;
    return new OpenLoop(messages, { min: 0, max: intervalUsMax }, seed, self);
  }
}
