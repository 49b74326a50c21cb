import { setTimeout as sleep } from 'node:timers/promises';
import { clockEnvironment } from '../backend/laboratory-clock.ts';
import type { Backend } from '../control/ports.ts';
import { awaitLastComparison, endForsakenLease } from './active-run.ts';
import { Cleanups } from './cleanups.ts';
import { watchExit, type ExitWatch } from './exit-watch.ts';
import { startExpireSchedule } from './expire-schedule.ts';
import {
  claimLaboratory,
  findLaboratory,
  releaseLaboratory,
  updateLaboratory,
} from './laboratory-file.ts';
import { LaboratoryProcesses, type LaboratoryPeer } from './laboratory-processes.ts';
import { openBackend } from '../backend/open-backend.ts';
import { prepareBackend, type LocalBackendName, type PreparedBackend } from './prepared-backend.ts';
import { processStart } from './process-identity.ts';
import { readIncarnations, readyMsMaxFor, waitUntilReady } from './readiness.ts';
import { sparingNotes } from './sparing-notes.ts';
import { closeToOthers } from './state/permissions.ts';
import { readOrCreateSecret } from './state/secret.ts';
import { StateWatch } from './state/state-watch.ts';
import { createStateDirectory, stateDirectoryAt, type StateDirectory } from './state-directory.ts';
import { peerIdsFor, zonesForPeers } from '../network/zones.ts';

/** How often the schedule looks for runs whose deadline has passed. */
const EXPIRE_PERIOD_MS = 1_000;

/** Peers that heard an exit command are on their way out by then. */
const OBEY_MS_MAX = 1_000;
/** A peer gives up its uploads after 10 s by itself (peer/main.ts). */
const EXIT_GRACE_MS = 12_000;

export interface LaboratoryOptions {
  readonly backend: LocalBackendName;
  readonly stateDirectory: string;
  readonly peers: number;
  /** Zones of the peers, repeated as needed; `null` for the published ones. */
  readonly zones: readonly string[] | null;
  /** Share of datagrams that the emulated network swallows, 0 to 0.5. */
  readonly loss: number;
  /** Hears one sentence for each thing that a person should know. */
  readonly onLog: (note: string) => void;
  /** Aborting it stops the laboratory, also while it starts. */
  readonly signal: AbortSignal;
  /** False leaves an ended peer down, as a test of crashes wants it. */
  readonly restartPeers?: boolean;
  readonly readyMsMax?: number;
  /** Prepares the backend instead: a trial of faults puts something between it and the processes. */
  readonly prepare?: typeof prepareBackend;
  /** Further settings of its processes, such as the file of an ordering (load-ordering.ts). */
  readonly environment?: Readonly<Record<string, string>>;
}

/** How a laboratory went down: asked to by `stop`, by an exit command, or because it fell apart. */
export interface LaboratoryEnd {
  readonly how: 'stopped' | 'exited' | 'failed';
  readonly message: string;
}

const EXITED: LaboratoryEnd = { how: 'exited', message: 'the peers ended as they were told' };

/**
 * The whole laboratory on one machine: the functions over HTTP, one process a peer, the trigger that
 * tells `compare` of reports, and the schedule that closes runs whose time is over.
 */
export class Laboratory {
  readonly directory: StateDirectory;
  readonly peers: readonly LaboratoryPeer[];
  /** Resolves when the laboratory is down and nothing of it is left; never rejects. */
  readonly whenDown: Promise<LaboratoryEnd>;
  readonly #options: LaboratoryOptions;
  readonly #cleanups: Cleanups;
  readonly #startedAtMs = Date.now();
  readonly #clockEnvironment = clockEnvironment();
  #resolveDown!: (end: LaboratoryEnd) => void;
  #stopping: Promise<void> | null = null;
  #prepared!: PreparedBackend;
  #backend!: Backend;
  #exit!: ExitWatch;
  #processes: LaboratoryProcesses | null = null;
  #processStart: string | null = null;

  constructor(options: LaboratoryOptions) {
    this.#options = options;
    this.#cleanups = new Cleanups(options.onLog);
    this.directory = stateDirectoryAt(options.stateDirectory);
    const zones = zonesForPeers(options.peers, options.zones);
    this.peers = peerIdsFor(options.peers).map((peerId, index) => ({
      peerId,
      zone: zones[index]!,
    }));
    this.whenDown = new Promise((resolve) => {
      this.#resolveDown = resolve;
    });
  }

  /** Base address of the functions, such as http://127.0.0.1:40123. */
  get url(): string {
    const url = this.#processes?.url ?? null;
    if (url === null) throw new Error('the laboratory is not up yet');
    return url;
  }

  /** What its processes are told: with it `openBackend` reaches the same backend. */
  get environment(): Readonly<Record<string, string>> {
    const { environment } = this.#options;
    return { ...this.#prepared.environment, ...this.#clockEnvironment, ...environment };
  }

  /** The laboratory's own connection to its backend; closed when it goes down. */
  get backend(): Backend {
    return this.#backend;
  }

  get peerIds(): readonly string[] {
    return this.peers.map(({ peerId }) => peerId);
  }

  /** Id of the process that `name` (a peer's id, or functions) runs as now. */
  processId(name: string): number {
    if (this.#processes === null) throw new Error('the laboratory is not up yet');
    return this.#processes.processId(name);
  }

  /** Called once, by `startLaboratory`. Throws after it has stopped whatever had started. */
  async start(): Promise<void> {
    const { signal } = this.#options;
    try {
      signal.throwIfAborted();
      await this.#takeDirectory();
      await this.#openBackend();
      await this.#startProcesses();
      await this.#startHelpers();
      this.#startSignal.throwIfAborted();
    } catch (error) {
      await this.#stop({ how: 'failed', message: 'the laboratory did not start' });
      throw error;
    }
    const stop = () => void this.stop();
    signal.addEventListener('abort', stop, { once: true });
    this.#cleanups.push('the signal', () => signal.removeEventListener('abort', stop));
    this.#exit.published.addEventListener('abort', () => void this.#obeyExit(), { once: true });
    void this.#watchFunctions();
    void this.#watchPeers();
  }

  /** Stops every process, at the latest by SIGKILL; may be called more than once. */
  async stop(): Promise<void> {
    await this.#stop({ how: 'stopped', message: 'the laboratory was stopped' });
  }

  async #takeDirectory(): Promise<void> {
    await createStateDirectory(this.directory);
    await closeToOthers(this.directory, this.#options.onLog);
    this.#processStart = await processStart(process.pid);
    await claimLaboratory(this.directory, this.#record({}));
    this.#cleanups.push('laboratory.json', () => releaseLaboratory(this.directory));
  }

  async #openBackend(): Promise<void> {
    const { backend, prepare = prepareBackend, signal } = this.#options;
    // What goes wrong with a backend is tried again many times a second.
    const onLog = sparingNotes(this.#options.onLog);
    this.#prepared = await prepare(backend, this.directory, onLog, signal);
    this.#cleanups.push('the backend', () => this.#prepared.stop());
    this.#backend = await openBackend(this.environment);
    this.#cleanups.push('the connection to the backend', () => this.#backend.close());
    this.#exit = await watchExit(this.#backend.bus, ({ message }) => {
      onLog(`the subscription of the laboratory: ${message}`);
    });
    this.#cleanups.push('the subscription of the laboratory', () => this.#exit.close());
  }

  async #startProcesses(): Promise<void> {
    const secret = await readOrCreateSecret(this.directory, this.#options.onLog);
    const before = await readIncarnations(this.#backend.store);
    await endForsakenLease(this.#backend.store, this.#backend.clock());
    const processes = new LaboratoryProcesses({
      directory: this.directory,
      functionsPort: this.#prepared.functionsPort,
      peers: this.peers.length,
      environment: this.environment,
      secret,
      loss: this.#options.loss,
      mayStart: () => !this.#exit.published.aborted,
      restartPeers: this.#options.restartPeers ?? true,
      onLog: this.#options.onLog,
    });
    this.#processes = processes;
    this.#cleanups.push('the processes', () => processes.stop());
    await processes.startFunctions();
    await processes.startPeers(this.peers, this.#startSignal);
    await waitUntilReady({
      store: this.#backend.store,
      before,
      peerIds: this.peerIds,
      supervisors: processes.supervisors,
      url: () => processes.url,
      signal: this.#startSignal,
      readyMsMax: this.#options.readyMsMax ?? readyMsMaxFor(this.peers.length),
    });
    processes.beReady();
  }

  async #startHelpers(): Promise<void> {
    const trigger = await this.#prepared.startTrigger(this.url, this.#backend.clock);
    this.#cleanups.push('the trigger', () => trigger.stop());
    const { onLog } = this.#options;
    const schedule = startExpireSchedule(() => this.#processes!.url, EXPIRE_PERIOD_MS, onLog);
    this.#cleanups.push('the schedule', () => schedule.stop());
    // Before the trigger and the functions: they still compare the run that the peers abandon.
    this.#cleanups.push('the last comparison', () => awaitLastComparison(this.#backend));
    this.#cleanups.push('the peers', () => this.#processes!.stopPeers());
    await updateLaboratory(this.directory, this.#record(this.environment));
    const watch = await StateWatch.start({
      directory: this.directory,
      isClaimed: () => this.#isClaimed(),
      clock: this.#backend.clock,
      onNote: onLog,
      onLost: (message) => void this.#stop({ how: 'failed', message }),
    });
    this.#cleanups.push('the watch over the state directory', () => watch.stop());
  }

  async #isClaimed(): Promise<boolean> {
    const record = await findLaboratory(this.directory);
    return record?.pid === process.pid && record.startedAtMs === this.#startedAtMs;
  }

  /**
   * A peer that was just being started when the exit command came takes the command for one that was
   * meant for an earlier daemon, and one that is paused hears nothing: both are ended by a signal.
   */
  async #obeyExit(): Promise<void> {
    await sleep(OBEY_MS_MAX);
    await this.#processes!.stopPeers(EXIT_GRACE_MS);
  }

  async #watchFunctions(): Promise<void> {
    const message = await this.#processes!.functionsDown();
    await this.#stop(this.#exit.published.aborted ? EXITED : { how: 'failed', message });
  }

  async #watchPeers(): Promise<void> {
    const endedWell = await this.#processes!.peersDown();
    const isExited = endedWell || this.#exit.published.aborted;
    const message = `no peer is up; see ${this.directory.path}/logs`;
    await this.#stop(isExited ? EXITED : { how: 'failed', message });
  }

  /** Aborted when it is not to be started to the end: by its owner, or by an exit command. */
  get #startSignal(): AbortSignal {
    return AbortSignal.any([this.#options.signal, this.#exit.published]);
  }

  #stop(end: LaboratoryEnd): Promise<void> {
    this.#stopping ??= this.#cleanups.run().then(() => this.#resolveDown(end));
    return this.#stopping;
  }

  #record(environment: Readonly<Record<string, string>>) {
    return {
      pid: process.pid,
      processStart: this.#processStart,
      startedAtMs: this.#startedAtMs,
      backend: this.#options.backend,
      url: this.#processes?.url ?? null,
      environment: { ...environment },
      peers: this.peers.map((peer) => ({ ...peer })),
      loss: this.#options.loss,
    };
  }
}

/**
 * Starts a laboratory and returns it once it is ready. Throws `LaboratoryIsUpError` when the state
 * directory has one already, and otherwise an error that names the process that is missing.
 */
export async function startLaboratory(options: LaboratoryOptions): Promise<Laboratory> {
  const laboratory = new Laboratory(options);
  await laboratory.start();
  return laboratory;
}
