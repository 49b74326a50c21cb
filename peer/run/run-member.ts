import { blockedOf } from '../../control/blocked.ts';
import { datagramBytesOf, type RunPlan } from '../../control/command.ts';
import type { Network, Report } from '../../control/documents.ts';
import { UPLOAD_GRACE_MS } from '../../control/limits.ts';
import { Payloads } from '../../control/workload.ts';
import { describeBank } from '../../control/comparison/judge-bank.ts';
import { toPrintable } from '../../control/printable.ts';
import type { Store } from '../../control/ports.ts';
import { Bank } from '../../core/bank/bank.ts';
import type { OrderingEntry } from '../../core/orderings/registry.ts';
import type { Clock } from '../clock.ts';
import type { RunKey } from '../transport/authentication.ts';
import { type Carrier, DatagramChannel } from '../transport/datagram-channel.ts';
import type { UdpEndpoint } from '../transport/udp-endpoint.ts';
import type { Ending } from './ending.ts';
import type { Logger } from '../log.ts';
import { deliveredDigest, Recorder } from './recorder.ts';
import { RunEvents } from './run-events.ts';
import { Session } from './session.ts';
import { Standstill } from './standstill.ts';
import { SessionDriver, monotonicTimesOf } from './session-driver.ts';
import { type UnwrittenDocument, Uploader } from './uploader.ts';

export interface RunMemberOptions {
  readonly plan: RunPlan;
  readonly self: number;
  readonly entry: OrderingEntry;
  readonly network: Network;
  readonly key: RunKey;
  readonly carrier: Carrier;
  /** Where its datagrams come to. */
  readonly endpoint: Pick<UdpEndpoint, 'receiveBufferBytes' | 'overflows'>;
  readonly store: Pick<Store, 'create'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Gives one session its driver, its uploads and its report. */
export class RunMember {
  readonly runId: string;
  /** Resolves, never rejects, once the report is written or given up. */
  readonly uploaded: Promise<void>;
  /** Resolves, never rejects, once the member has left the network and has nothing to upload any more. */
  readonly settled: Promise<void>;
  readonly #options: RunMemberOptions;
  readonly #channel: DatagramChannel;
  readonly #recorder: Recorder;
  /** This member's replica of the bank; `null` for any other workload. */
  readonly #bank: Bank | null;
  readonly #events: RunEvents | null;
  readonly #uploader: Uploader;
  readonly #session: Session;
  readonly #driver: SessionDriver;
  readonly #standstill: Standstill;
  /** How many datagrams had found the receive buffer full when it began. */
  readonly #overflowsBefore: number;
  readonly #onClosed: () => void;
  #markUploaded: () => void = () => undefined;
  #markSettled: () => void = () => undefined;
  #closed = false;
  /** How the member's part ended; `null` while it has not. */
  #ending: Ending | null = null;

  /** `onClosed` is called once, when nobody needs this member's answers any more; its report may still be on its way. */
  constructor(options: RunMemberOptions, onClosed: () => void) {
    const { plan, self, entry, store, clock, log } = options;
    const size = plan.members.length;
    this.runId = plan.runId;
    this.#options = options;
    this.#onClosed = onClosed;
    this.uploaded = new Promise((resolve) => (this.#markUploaded = resolve));
    this.settled = new Promise((resolve) => (this.#markSettled = resolve));
    this.#channel = new DatagramChannel(
      self,
      size,
      options.key,
      options.carrier,
      datagramBytesOf(plan),
    );
    this.#bank = plan.workload === 'bank' ? new Bank() : null;
    this.#events = plan.record === true ? new RunEvents(self, clock.monotonicUs()) : null;
    this.#recorder = new Recorder({
      self,
      size,
      messages: plan.messages,
      payloads: new Payloads(plan),
      delivered: deliveredDigest(entry),
      bank: this.#bank,
      events: this.#events,
    });
    const peerId = plan.members[self]!.peerId;
    const times = monotonicTimesOf(plan, clock);
    const giveUpAtUs = times.deadlineUs + UPLOAD_GRACE_MS * 1_000;
    this.#uploader = new Uploader(
      { store, runId: plan.runId, peerId, size, giveUpAtUs },
      this.#recorder.sequence,
      clock,
      (error) => log.warn({ runId: plan.runId, err: error }, 'a write will be tried again'),
      this.#events?.log,
    );
    this.#session = new Session({
      plan,
      self,
      entry,
      channel: this.#channel,
      receiveBufferBytes: options.endpoint.receiveBufferBytes,
      recorder: this.#recorder,
      events: this.#events,
      ...times,
      onFlush: () => this.#uploader.flush(),
      onEnd: (ending) => void this.#upload(ending),
    });
    this.#driver = new SessionDriver(this.#session, clock, () => this.#close());
    this.#standstill = new Standstill(clock);
    this.#overflowsBefore = options.endpoint.overflows();
  }

  /** Whether the member's run goes on, so that what it delivers is not final. */
  get active(): boolean {
    return !this.#session.ended;
  }

  /** Whether the member has left the network, since nobody needs its answers any more. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Takes in what came at once: a datagram, or several of one sender. */
  receive(bytes: Uint8Array): void {
    this.#driver.receive(bytes);
  }

  /** Ends the member's part, uploads what it has, and takes it off the network. */
  async stop(reason: string): Promise<void> {
    this.#session.abandon(reason);
    await this.uploaded;
    this.#close();
    await this.settled;
  }

  /**
   * Ends the member's part from within a call of its ordering that does not come back, and gives what is left to
   * create in the store, the report last: this thread writes nothing any more.
   */
  surrender(failure: string): readonly UnwrittenDocument[] {
    try {
      this.#session.giveUp(failure);
    } catch (error) {
      // The call may have been in the midst of a change, which matters to nobody any more.
      this.#options.log.warn({ runId: this.runId, err: error }, 'the others could not be told');
    }
    return this.#ending === null ? [] : this.#uploader.remainder(this.#report(this.#ending));
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#driver.off();
    this.#standstill.off();
    this.#session.close();
    this.#events?.stop();
    void this.#settle();
    this.#onClosed();
  }

  async #settle(): Promise<void> {
    await this.uploaded;
    if (this.#events !== null) await this.#uploadLastEvents();
    this.#markSettled();
  }

  /** What was recorded after the report was written: what others delivered late may have come of it. */
  async #uploadLastEvents(): Promise<void> {
    const { log } = this.#options;
    try {
      await this.#uploader.drain();
    } catch (error) {
      log.warn({ runId: this.runId, err: error }, 'the last events could not be uploaded');
    }
  }

  async #upload(ending: Ending): Promise<void> {
    const { log } = this.#options;
    this.#ending = ending;
    // The session's current call returns first, so that the counters include what it still sends.
    await Promise.resolve();
    const report = this.#report(ending);
    try {
      await this.#uploader.finish(report);
      const { outcome, deliveries, missing } = report;
      const firstMulticast = this.#firstMulticast();
      log.info(
        { runId: this.runId, outcome, deliveries, missing, firstMulticast },
        'the run ended here',
      );
    } catch (error) {
      log.error({ runId: this.runId, err: error }, 'the report could not be uploaded');
    }
    this.#markUploaded();
  }

  /** When it multicast first, by the clock on the wall; `null` when it never did. */
  #firstMulticast(): string | null {
    const { clock } = this.#options;
    const { firstMulticastAt } = this.#recorder;
    if (firstMulticastAt < 0) return null;
    const agoMs = (clock.monotonicUs() - firstMulticastAt) / 1_000;
    return new Date(clock.wallMs() - agoMs).toISOString();
  }

  #report(ending: Ending): Report {
    const { plan, self, network } = this.#options;
    const { sequence, firstMulticastAt, lastDeliveryAt } = this.#recorder;
    const { outflow } = this.#session;
    const member = plan.members[self]!;
    const idOf = (index: number): string => plan.members[index]!.peerId;
    const roundTrips = [...this.#session.roundTripUs].map(
      ([index, us]) => [idOf(index), us / 1_000] as const,
    );
    return {
      runId: plan.runId,
      peerId: member.peerId,
      incarnation: member.incarnation,
      outcome: ending.outcome,
      ...(ending.reason === undefined ? {} : { reason: toPrintable(ending.reason, 300) }),
      missing: ending.missing.map(idOf),
      ...blockedOf(this.#session.blockage, idOf),
      chunks: 0, // The uploader enters the number once the last chunk is written.
      deliveries: sequence.length,
      multicasts: sequence.multicasts,
      ...(this.#events === null ? {} : { recorded: this.#recorded(this.#events) }),
      network,
      roundTripMs: Object.fromEntries(roundTrips),
      durationMs: firstMulticastAt < 0 ? 0 : Math.max(0, lastDeliveryAt - firstMulticastAt) / 1_000,
      pace: this.#session.pace,
      counters: {
        datagramsSent: this.#channel.datagramsSent,
        datagramsReceived: this.#channel.datagramsReceived,
        bytesSent: this.#channel.bytesSent,
        bytesReceived: this.#channel.bytesReceived,
        dataMessagesSent: outflow.outbox.dataMessages,
        controlMessagesSent: outflow.outbox.controlMessages,
        dropped: this.#dropped(),
        emulatedLosses: this.#channel.losses,
        ...this.#recorder.counters(),
        // A turn in the middle of which the process was stopped took that time as well, by its own clock.
        busyMs: Math.min(outflow.busyUs, this.#standstill.usedUs) / 1_000,
        standstillMs: this.#standstill.us / 1_000,
        standstillMsMax: this.#standstill.longestUs / 1_000,
      },
      ...(this.#bank !== null && { bank: describeBank(this.#bank) }),
    };
  }

  #dropped(): Report['counters']['dropped'] {
    const overflow = this.#options.endpoint.overflows() - this.#overflowsBefore;
    return { ...this.#channel.dropped, ...(overflow > 0 && { overflow }) };
  }

  #recorded({ log }: RunEvents): NonNullable<Report['recorded']> {
    return { events: log.events.length, leftOut: log.leftOut };
  }
}
