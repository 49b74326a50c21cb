import type { RunPlan } from '../../control/command.ts';
import { type Comparison, comparisonSchema } from '../../control/comparison-document.ts';
import { paths, type Report, reportSchema, type Run } from '../../control/documents.ts';
import { UPLOAD_GRACE_MS } from '../../control/limits.ts';
import { closeRun } from '../../control/runs/close-run.ts';
import type { Workload } from '../../control/workload.ts';
import { assert } from '../../core/base/assert.ts';
import { createRandom } from '../../core/base/random.ts';
import type { OrderingEntry } from '../../core/orderings/registry.ts';
import { RunMember } from '../../peer/run/run-member.ts';
import type { RunKey } from '../../peer/transport/authentication.ts';
import { GRANTED_BYTES_DEFAULT } from '../../peer/transport/receive-buffer.ts';
import { createLog } from '../../peer/log.ts';
import { PacketNetwork } from '../../simulation/run/packet-network.ts';
import type { Fault, NetworkScenario } from '../../simulation/scenario.ts';
import { Faults, MemoryStore } from './memory-backend.ts';
import { PLAIN_KEY, planOf, RUN_ID } from './plan-of.ts';
import { EPOCH_MS, VirtualProcess } from './virtual-process.ts';
import { VirtualTime } from './virtual-time.ts';

/** One run on virtual processes, whole: the same one comes out the same. Times as in a Scenario. */
export interface GroupScenario {
  readonly entry: OrderingEntry;
  readonly peers: number;
  readonly messages: number;
  readonly seed: number;
  readonly intervalMs?: { readonly min: number; readonly max: number };
  readonly payloadBytes?: number;
  readonly workload?: Workload;
  /** What each member says that its paths carry; absent: nothing. */
  readonly datagramBytes?: number;
  readonly network?: Partial<NetworkScenario>;
  readonly faults?: readonly Fault[];
  /** When a member hears of the run, by index; at 0 otherwise. */
  readonly joinAtUs?: readonly number[];
  readonly deadlineMs?: number;
  /** The time from a write to its effect, which its answer takes once more. */
  readonly storeUs?: number;
  /** From a report to the call of `compare`, and between two calls of `expire`. */
  readonly triggerUs?: number;
  readonly expireEveryUs?: number;
  readonly key?: RunKey;
  /**
   * How long a process is busy with each datagram that it sends or receives, for all or by index; 0 is a
   * machine at leisure.
   */
  readonly datagramUs?: number | readonly number[];
}

const QUICK: NetworkScenario = {
  delay: { kind: 'uniform', minUs: 100, maxUs: 2_000 },
  loss: 0,
  burst: 1,
  repetition: 0,
  reordering: 0,
  reorderingUs: 0,
};
const DEFAULTS = {
  intervalMs: { min: 10, max: 99 },
  payloadBytes: 0,
  faults: [] as readonly Fault[],
  joinAtUs: [] as readonly number[],
  deadlineMs: 60_000,
  storeUs: 1_000,
  triggerUs: 20_000,
  expireEveryUs: 2_000_000,
  datagramUs: 0 as number | readonly number[],
};
/** The word that keeps this random stream apart from those of the network. */
const STREAM = 0x67_72_70;
const SILENT = createLog('silent', 'group');

/**
 * N members of a run in one process, in virtual time: real sessions, uploads and reports, and the real
 * comparison of what they wrote, over a network and with faults that a seed fixes (quinn's `Pair`, for
 * N). Minutes of a run pass in milliseconds.
 */
export class RunGroup {
  readonly time = new VirtualTime();
  readonly plan: RunPlan;
  readonly processes: readonly VirtualProcess[];
  /** `null` before a member hears of the run. */
  readonly members: (RunMember | null)[];
  readonly store: MemoryStore;
  /** Datagrams put on the network. */
  datagrams = 0;
  readonly #scenario: typeof DEFAULTS & GroupScenario;
  readonly #network: PacketNetwork;
  /** How many more datagrams a member sends before it crashes; -1 when no such crash is due. */
  readonly #sendsLeft: number[];
  /** The members that have left, with nothing to upload any more. */
  readonly #gone = new Set<number>();
  #endUs: number;

  constructor(scenario: GroupScenario) {
    this.#scenario = { ...DEFAULTS, ...scenario };
    const { peers, seed, deadlineMs } = this.#scenario;
    this.plan = planOf(this.#scenario);
    this.store = new MemoryStore(new Faults(), () => EPOCH_MS * 1_000 + this.time.nowUs);
    this.#network = this.#createNetwork();
    this.processes = Array.from({ length: peers }, (_, self) => this.#createProcess(self, seed));
    this.members = this.processes.map(() => null);
    this.#sendsLeft = this.processes.map(() => -1);
    this.#endUs = (deadlineMs + UPLOAD_GRACE_MS) * 1_000 + 4 * this.#scenario.expireEveryUs;
    for (const fault of this.#scenario.faults) this.#plan(fault);
    for (let self = 0; self < peers; self += 1) {
      this.time.at(this.#joinAtUs(self), () => this.#join(self));
    }
    this.#expire();
  }

  /** Lets time pass: until every member that lives has left and the run is compared, or `untilUs`. */
  async run(untilUs = Infinity): Promise<this> {
    if (this.time.nowUs === 0) await this.#begin();
    const endUs = Math.min(untilUs, this.#endUs);
    while (!this.#isOver && this.time.step(endUs)) await this.#settled();
    return this;
  }

  /** What is in the store now. */
  get comparison(): Comparison | null {
    const document = this.store.documents.get(paths.comparison(RUN_ID));
    return document === undefined ? null : comparisonSchema.parse(document.fields);
  }

  /** By member; `null` where there is none. */
  get reports(): (Report | null)[] {
    return this.plan.members.map(({ peerId }) => {
      const document = this.store.documents.get(paths.report(RUN_ID, peerId));
      return document === undefined ? null : reportSchema.parse(document.fields);
    });
  }

  /** When a member's report was written; `Infinity` without one. */
  reportedAtUs(self: number): number {
    const document = this.store.documents.get(paths.report(RUN_ID, `peer-${self}`));
    return document === undefined ? Infinity : document.createdAtUs - EPOCH_MS * 1_000;
  }

  async #begin(): Promise<void> {
    const { guarantees, survives } = this.#scenario.entry;
    const run: Run = { plan: this.plan, backend: 'memory', declared: [...guarantees], survives };
    await this.store.create(paths.run(RUN_ID), run);
  }

  get #isOver(): boolean {
    const isGone = ({ state }: VirtualProcess, self: number) =>
      state === 'dead' || this.#gone.has(self);
    return this.processes.every(isGone) && this.comparison !== null;
  }

  /** What is to happen at once after an event, in promises, has happened. */
  async #settled(): Promise<void> {
    for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
    while (this.store.underWay > 0) await new Promise((resolve) => setImmediate(resolve));
  }

  #createNetwork(): PacketNetwork {
    const { peers, messages, seed, faults, payloadBytes, network } = this.#scenario;
    const intervalUs = { min: 0, max: 0 };
    const shape = { peers, messages, seed, faults, payloadBytes, intervalUs, endUs: Infinity };
    return new PacketNetwork({ ...shape, network: { ...QUICK, ...network } });
  }

  #createProcess(self: number, seed: number): VirtualProcess {
    const process = new VirtualProcess(
      self,
      this.#scenario.faults,
      this.time,
      createRandom(seed, STREAM, self),
    );
    process.onDatagram = (datagram) => {
      process.spend(this.#datagramUs(self));
      this.members[self]?.receive(datagram);
    };
    return process;
  }

  #datagramUs(self: number): number {
    const { datagramUs } = this.#scenario;
    return typeof datagramUs === 'number' ? datagramUs : (datagramUs[self] ?? 0);
  }

  #joinAtUs(self: number): number {
    const late = this.#scenario.faults.find(
      (fault) => fault.kind === 'lateStart' && fault.member === self,
    );
    if (late?.kind === 'lateStart') return late.atUs;
    return this.#scenario.joinAtUs[self] ?? 0;
  }

  #join(self: number): void {
    const process = this.processes[self]!;
    if (process.state !== 'running') return;
    let isOpen = true;
    const member = new RunMember(
      {
        plan: this.plan,
        self,
        entry: this.#scenario.entry,
        network: 'simulated',
        key: this.#scenario.key ?? PLAIN_KEY,
        carrier: {
          losses: 0,
          send: (to, datagram) => {
            // Node's sockets throw as well.
            assert(isOpen, 'nothing is sent by a socket that is closed');
            this.#send(self, to, datagram);
            return true;
          },
          close: () => {
            isOpen = false;
          },
        },
        endpoint: {
          receiveBufferBytes: GRANTED_BYTES_DEFAULT,
          overflows: () => process.overflows,
        },
        store: { create: (...write) => this.#write(process, ...write) },
        clock: process,
        log: SILENT,
      },
      () => undefined,
    );
    this.members[self] = member;
    void member.settled.then(() => this.#gone.add(self));
  }

  #send(from: number, to: number, datagram: Uint8Array): void {
    if (this.processes[from]!.state === 'dead') return;
    if (this.#sendsLeft[from] === 0) return this.processes[from]!.kill();
    if (this.#sendsLeft[from]! > 0) this.#sendsLeft[from]! -= 1;
    this.datagrams += 1;
    this.processes[from]!.spend(this.#datagramUs(from));
    const leavesAtUs = this.processes[from]!.nowUs;
    const delayUs = this.#network.next(leavesAtUs, from, to);
    if (delayUs < 0) return;
    const arrive = (): void => this.processes[to]!.arrive(datagram);
    this.time.at(leavesAtUs + delayUs, arrive);
    const { repeatAfterUs } = this.#network;
    if (repeatAfterUs >= 0) this.time.at(leavesAtUs + delayUs + repeatAfterUs, arrive);
  }

  async #write(
    process: VirtualProcess,
    ...[path, fields, bytes]: Parameters<MemoryStore['create']>
  ): Promise<boolean> {
    const { storeUs, triggerUs } = this.#scenario;
    if (process.state === 'dead') return new Promise(() => undefined);
    await new Promise<void>((resolve) => this.time.at(this.time.nowUs + storeUs, resolve));
    const isNew = await this.store.create(path, fields, bytes);
    if (path.includes('/reports/')) this.time.at(this.time.nowUs + triggerUs, () => this.#close());
    await new Promise<void>((resolve) => void process.after(storeUs / 1_000, resolve));
    return isNew;
  }

  #close(): void {
    const nowMs = EPOCH_MS + Math.floor(this.time.nowUs / 1_000);
    // A store that does not answer is asked again by the next call.
    void closeRun({ store: this.store, nowMs }, RUN_ID).catch(() => undefined);
  }

  #expire(): void {
    this.#close();
    this.time.at(this.time.nowUs + this.#scenario.expireEveryUs, () => this.#expire());
  }

  #plan(fault: Fault): void {
    switch (fault.kind) {
      case 'crash':
        return this.time.at(fault.atUs, () => {
          if (fault.afterSends === undefined) this.processes[fault.member]!.kill();
          else this.#sendsLeft[fault.member] = fault.afterSends;
        });
      case 'pause':
        this.time.at(fault.atUs, () => this.processes[fault.member]!.stop());
        return this.time.at(fault.untilUs, () => this.processes[fault.member]!.continue());
      case 'partition':
      case 'clog':
        this.time.at(fault.atUs, () => this.#network.begin(fault));
        return this.time.at(fault.untilUs, () => this.#network.end(fault));
      case 'lateStart':
      case 'clockSkew':
        return;
    }
  }
}
