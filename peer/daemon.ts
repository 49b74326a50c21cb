import { randomUUID } from 'node:crypto';
import type { RunPlan } from '../control/command.ts';
import type { Backend, Store, Subscription } from '../control/ports.ts';
import { PROTOCOL } from '../control/protocol.ts';
import { ORDERINGS, type OrderingEntry } from '../core/orderings/registry.ts';
import { HeldOrderings } from './run/stuck/held-orderings.ts';
import { deriveRunKey } from './transport/authentication.ts';
import { type Clock, systemClock } from './clock.ts';
import { chooseCommand } from './duty/choose-command.ts';
import type { PeerConfiguration } from './configuration.ts';
import { distantStore } from './duty/distant-store.ts';
import { Leisure } from './duty/leisure.ts';
import type { Logger } from './log.ts';
import { Lookout } from './duty/lookout.ts';
import { patiently } from './duty/patiently.ts';
import { Registration } from './duty/registration.ts';
import { RunMember } from './run/run-member.ts';
import { SubscriptionKeeper } from './duty/subscription-keeper.ts';
import { discoverLoopbackDatagram } from './transport/loopback-datagrams.ts';
import type { Libc } from './transport/native/libc.ts';
import { loadNative, openCarrier } from './transport/open-carrier.ts';
import { openUdpEndpoint, type UdpEndpoint } from './transport/udp-endpoint.ts';

/**
 * A peer: it registers, waits for commands, and takes part in run after run. Of a run that is over it
 * keeps only the id, until the run's command has expired.
 */
export class Daemon {
  /**
   * Resolves when the daemon was told to exit, or when its name was taken; then the error says that it
   * must not go on.
   */
  readonly done: Promise<void>;
  readonly #configuration: PeerConfiguration;
  readonly #backend: Backend;
  readonly #log: Logger;
  readonly #clock: Clock;
  readonly #orderings: HeldOrderings;
  readonly #incarnation = randomUUID();
  readonly #startedAtMs: number;
  /** The ids of the runs joined, and until when a repeated command could start each of them again. */
  readonly #joined = new Map<string, number>();
  readonly #leisure: Leisure;
  #member: RunMember | null = null;
  /** The members that have left the network, and whose reports are on their way to the store. */
  readonly #uploading = new Set<RunMember>();
  #foreign = 0;
  #stopping = false;
  /** What the native transport calls; `null` where datagrams go by Node's own. */
  #libc: Libc | null = null;
  #endpoint: UdpEndpoint | undefined;
  #subscription: Subscription | undefined;
  #keeper: SubscriptionKeeper | undefined;
  #registration: Registration | undefined;
  #finish: (error?: Error) => void = () => undefined;
  /** Commands are acted upon one after another. */
  #commands: Promise<void> = Promise.resolve();

  constructor(
    configuration: PeerConfiguration,
    backend: Backend,
    log: Logger,
    orderings: ReadonlyMap<string, OrderingEntry> = ORDERINGS,
    clock: Clock = { ...systemClock, wallMs: backend.clock },
  ) {
    this.#configuration = configuration;
    this.#backend = backend;
    this.#log = log;
    this.#clock = clock;
    const surrender = (failure: string) => this.#member?.surrender(failure) ?? [];
    this.#orderings = new HeldOrderings(orderings, surrender, log);
    this.#startedAtMs = clock.wallMs();
    this.#leisure = new Leisure(clock);
    this.done = new Promise((resolve, reject) => {
      this.#finish = (error) => (error === undefined ? resolve() : reject(error));
    });
  }

  /**
   * Binds the socket, opens the subscription, and then registers, as a registered peer may be asked to
   * take part.
   */
  async start(): Promise<void> {
    const { peerId, zone, host, bind, port, heartbeatMs, transport } = this.#configuration;
    if (transport === 'native') this.#libc = await loadNative(this.#log);
    const endpoint = await openUdpEndpoint(
      bind,
      port,
      (bytes) => this.#receive(bytes),
      (error) => this.#log.error({ err: error }, 'the UDP socket failed'),
      this.#libc,
    );
    this.#endpoint = endpoint;
    const datagramBytes = await this.#datagramBytes(endpoint);
    this.#subscription = await this.#patiently('the subscription could not be opened', () =>
      this.#subscribe(),
    );
    const entry = {
      peerId,
      incarnation: this.#incarnation,
      zone,
      host,
      port: endpoint.port,
      ...(datagramBytes !== null && { datagramBytes }),
      protocol: PROTOCOL,
      startedAtMs: this.#startedAtMs,
    };
    const { store } = this.#backend;
    const registration = new Registration(store, entry, heartbeatMs, this.#clock.wallMs, this.#log);
    this.#registration = registration;
    await this.#patiently('this peer could not be registered', () =>
      registration.start((error) => this.#finish(error)),
    );
    this.#keeper = this.#keep(this.#subscription);
    this.#keeper.start();
    this.#leisure.begin();
    this.#log.info({ port: entry.port, zone, incarnation: this.#incarnation }, 'ready');
  }

  #patiently<Result>(failure: string, attempt: () => Promise<Result>): Promise<Result> {
    return patiently(attempt, this.#clock, (error) =>
      this.#log.warn({ err: error }, `${failure}, and will be tried again`),
    );
  }

  #subscribe(): Promise<Subscription> {
    return this.#backend.bus.subscribe(
      this.#configuration.peerId,
      (message) => {
        this.#keeper?.heard();
        return this.#handle(message);
      },
      (error) => this.#log.warn({ err: error }, 'the subscription is being mended'),
    );
  }

  /**
   * The longest datagram that its paths carry; `null` for what every path does, as an emulated one is to.
   */
  async #datagramBytes({ receiveBufferBytes }: UdpEndpoint): Promise<number | null> {
    const { datagramBytes, host, network } = this.#configuration;
    if (datagramBytes !== null || network !== 'real') return datagramBytes;
    return discoverLoopbackDatagram(host, receiveBufferBytes);
  }

  /**
   * Leaves the registry, ends a run under way with what it has, brings to the store what runs before it left, and closes
   * everything. All of it goes on at once: whoever stops a daemon gives it little time, and a slow registry or bus must
   * not take that from the report.
   */
  async stop(reason: string): Promise<void> {
    this.#stopping = true;
    this.#keeper?.stop();
    const leaving = Promise.all([this.#registration?.stop(), this.#unsubscribe()]);
    await this.#commands;
    const member = this.#member;
    const isAbandoning = member?.active === true;
    const uploading = [...this.#uploading];
    await Promise.all([member?.stop(reason), ...uploading.map(({ settled }) => settled), leaving]);
    this.#leisure.end();
    await this.#endpoint?.close();
    const runId = (member ?? uploading.at(-1))?.runId;
    this.#log.info(
      { reason, runId, abandoned: isAbandoning },
      `stopped; ${describeStop(isAbandoning, runId)}`,
    );
  }

  async #unsubscribe(): Promise<void> {
    try {
      await this.#subscription?.close();
    } catch (error) {
      this.#log.warn({ err: error }, 'the subscription could not be closed');
    }
  }

  #keep(subscription: Subscription): SubscriptionKeeper {
    const { heartbeatMs, silenceMs } = this.#configuration;
    return new SubscriptionKeeper({
      subscription,
      lookout: new Lookout(this.#backend.store, this.#incarnation),
      periodMs: heartbeatMs,
      silenceMs,
      knows: (runId) => this.#joined.has(runId),
      onMissed: (plan) => void this.#joinMissed(plan),
      wallMs: this.#clock.wallMs,
      clockMs: () => this.#clock.monotonicUs() / 1_000,
      log: this.#log,
    });
  }

  async #joinMissed(plan: RunPlan): Promise<void> {
    try {
      await this.#handle({ command: 'run', plan });
    } catch (error) {
      const { runId } = plan;
      this.#log.warn({ err: error, runId }, 'a run could not be joined and will be tried again');
    }
  }

  #receive(bytes: Uint8Array): void {
    if (this.#member !== null) this.#member.receive(bytes);
    else this.#foreign += 1;
  }

  #handle(message: unknown): Promise<void> {
    const next = this.#commands.then(() => this.#act(message));
    this.#commands = next.catch(() => undefined);
    return next;
  }

  async #act(message: unknown): Promise<void> {
    // It is not acknowledged: it belongs to the next daemon of this name, if it is for any.
    if (this.#stopping) throw new Error('this daemon is being stopped');
    const nowMs = this.#clock.wallMs();
    this.#forgetExpired(nowMs);
    const asker = {
      peerId: this.#configuration.peerId,
      incarnation: this.#incarnation,
      startedAtMs: this.#startedAtMs,
      joined: new Set(this.#joined.keys()),
    };
    const choice = chooseCommand(message, asker, nowMs);
    if (choice.action === 'ignore') this.#log.info({ reason: choice.reason }, 'command ignored');
    else if (choice.action === 'exit') this.#finish();
    else if (choice.action === 'none') this.#log.debug('a ping');
    else await this.#join(choice.plan, choice.self);
  }

  #forgetExpired(nowMs: number): void {
    for (const [runId, untilMs] of this.#joined) if (nowMs > untilMs) this.#joined.delete(runId);
  }

  /** Takes part in a run. If that fails, the command may come again, and is tried again. */
  async #join(plan: RunPlan, self: number): Promise<void> {
    this.#joined.set(plan.runId, plan.joinByMs);
    try {
      await this.#beginRun(plan, self);
    } catch (error) {
      this.#joined.delete(plan.runId);
      throw error;
    }
  }

  async #beginRun(plan: RunPlan, self: number): Promise<void> {
    await this.#member?.stop(`run ${plan.runId} began`);
    this.#leisure.end();
    const carrier = await openCarrier(plan, self, {
      configuration: this.#configuration,
      libc: this.#libc,
      clock: this.#clock,
      log: this.#log,
    });
    const { runId, ordering } = plan;
    this.#log.info({ runId, self, ordering, dropped: this.#foreign }, 'joining a run');
    const entry = await this.#orderings.entryOf(ordering);
    this.#foreign = 0;
    const member: RunMember = new RunMember(
      {
        plan,
        self,
        entry,
        network: this.#configuration.network,
        key: deriveRunKey(this.#configuration.secret, runId),
        carrier,
        endpoint: this.#endpoint!,
        store: this.#storeFor(plan.members[self]!.zone),
        clock: this.#clock,
        log: this.#log,
      },
      () => this.#forget(member),
    );
    this.#member = member;
  }

  /** A member has left the network: the next run can begin, whatever the store does with the report of this one. */
  #forget(member: RunMember): void {
    this.#uploading.add(member);
    void member.settled.then(() => this.#uploading.delete(member));
    if (this.#member !== member) return;
    this.#member = null;
    this.#leisure.begin();
  }

  #storeFor(zone: string): Pick<Store, 'create'> {
    const { store } = this.#backend;
    return this.#configuration.network === 'real' ? store : distantStore(store, zone);
  }
}

function describeStop(isAbandoning: boolean, runId: string | undefined): string {
  if (isAbandoning) return 'a run was abandoned';
  return runId === undefined
    ? 'nothing was under way'
    : 'the report of a run was brought to an end';
}
