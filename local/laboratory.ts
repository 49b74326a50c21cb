import { fileURLToPath } from 'node:url';
import type { Backend } from '../control/ports.ts';
import { awaitLastComparison, endForsakenLease } from './active-run.ts';
import { Cleanups } from './cleanups.ts';
import { startExpireSchedule } from './expire-schedule.ts';
import { claimLaboratory, releaseLaboratory, updateLaboratory } from './laboratory-file.ts';
import { openBackend } from './open-backend.ts';
import { prepareBackend, type LocalBackendName, type PreparedBackend } from './prepared-backend.ts';
import { describeEnd } from './processes.ts';
import { readIncarnations, READY_MS_MAX, waitUntilReady } from './readiness.ts';
import * as stateDirectories from './state-directory.ts';
import { RESTART_DEFAULT, Supervisor } from './supervisor.ts';
import { peerIdsFor, zonesForPeers } from './zones.ts';

/** How often the schedule looks for runs whose deadline has passed. */
const EXPIRE_PERIOD_MS = 1_000;
/** Between SIGTERM and SIGKILL: a peer in a run uploads what it has. */
const STOP_GRACE_MS = 5_000;
/** An exit command reaches all peers: after one obeyed, no other is started again for this long. */
const EXIT_MS_MAX = 30_000;
const PEER_SCRIPT = fileURLToPath(new URL('../peer/main.ts', import.meta.url));
const FUNCTIONS_SCRIPT = fileURLToPath(new URL('../functions/serve.ts', import.meta.url));

/** On one machine all zones are one: their distance is emulated. */
const PEER_ENVIRONMENT = {
  MPCOMM_HOST: '127.0.0.1',
  MPCOMM_PORT: '0',
  MPCOMM_NETWORK: 'emulated',
} as const;

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
}

/** How a laboratory went down: asked to by `stop`, by an exit command, or because it fell apart. */
export interface LaboratoryEnd {
  readonly how: 'stopped' | 'exited' | 'failed';
  readonly message: string;
}

/**
 * The whole laboratory on one machine: the functions over HTTP, one process a peer, the trigger that
 * tells `compare` of reports, and the schedule that closes runs whose time is over.
 */
export class Laboratory {
  readonly directory: stateDirectories.StateDirectory;
  readonly peers: readonly { readonly peerId: string; readonly zone: string }[];
  /** Resolves when the laboratory is down and nothing of it is left; never rejects. */
  readonly whenDown: Promise<LaboratoryEnd>;
  readonly #options: LaboratoryOptions;
  readonly #cleanups: Cleanups;
  readonly #supervisors = new Map<string, Supervisor>();
  readonly #startedAtMs = Date.now();
  #resolveDown!: (end: LaboratoryEnd) => void;
  #stopping: Promise<void> | null = null;
  #prepared!: PreparedBackend;
  #backend!: Backend;
  #url: string | null = null;
  #ready = false;
  #obeyedAtMs = -Infinity;

  constructor(options: LaboratoryOptions) {
    this.#options = options;
    this.#cleanups = new Cleanups(options.onLog);
    this.directory = stateDirectories.stateDirectoryAt(options.stateDirectory);
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
    if (this.#url === null) throw new Error('the laboratory is not up yet');
    return this.#url;
  }

  /** What `openBackend` needs to reach the same backend. */
  get environment(): Readonly<Record<string, string>> {
    return this.#prepared.environment;
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
    const supervisor = this.#supervisors.get(name);
    if (supervisor === undefined) throw new Error(`no process of the laboratory is called ${name}`);
    return supervisor.current.pid;
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
      signal.throwIfAborted();
    } catch (error) {
      await this.#stop({ how: 'failed', message: 'the laboratory did not start' });
      throw error;
    }
    const stop = () => void this.stop();
    signal.addEventListener('abort', stop, { once: true });
    this.#cleanups.push(() => signal.removeEventListener('abort', stop));
    this.#watchFunctions();
    void this.#watchPeers();
  }

  /** Stops every process, at the latest by SIGKILL; may be called more than once. */
  async stop(): Promise<void> {
    await this.#stop({ how: 'stopped', message: 'the laboratory was stopped' });
  }

  async #takeDirectory(): Promise<void> {
    await stateDirectories.createStateDirectory(this.directory);
    await claimLaboratory(this.directory, this.#record({}));
    this.#cleanups.push(() => releaseLaboratory(this.directory));
  }

  async #openBackend(): Promise<void> {
    const { backend, onLog } = this.#options;
    this.#prepared = await prepareBackend(backend, this.directory, onLog);
    this.#cleanups.push(() => this.#prepared.stop());
    this.#backend = await openBackend(this.#prepared.environment);
    this.#cleanups.push(() => this.#backend.close());
  }

  async #startProcesses(): Promise<void> {
    const secret = await stateDirectories.readOrCreateSecret(this.directory);
    const before = await readIncarnations(this.#backend.store);
    await endForsakenLease(this.#backend.store, this.#startedAtMs);
    this.#cleanups.push(() => this.#stopProcesses());
    await this.#supervise('functions', FUNCTIONS_SCRIPT, true, () => this.#functionsEnvironment());
    for (const { peerId, zone } of this.peers) {
      const environment = this.#peerEnvironment(peerId, zone, secret);
      const restart = this.#options.restartPeers ?? true;
      await this.#supervise(peerId, PEER_SCRIPT, restart, () => environment);
    }
    await waitUntilReady({
      store: this.#backend.store,
      before,
      peerIds: this.peerIds,
      supervisors: [...this.#supervisors.values()],
      url: () => this.#url,
      signal: this.#options.signal,
      readyMsMax: this.#options.readyMsMax ?? READY_MS_MAX,
    });
    this.#ready = true;
  }

  async #startHelpers(): Promise<void> {
    const trigger = await this.#prepared.startTrigger(this.url);
    this.#cleanups.push(() => trigger.stop());
    const { onLog } = this.#options;
    const schedule = startExpireSchedule(() => this.#url, EXPIRE_PERIOD_MS, onLog);
    this.#cleanups.push(() => schedule.stop());
    // Before the trigger and the functions: they still compare the run that the peers abandon.
    this.#cleanups.push(() => this.#stopPeers());
    await updateLaboratory(this.directory, this.#record(this.environment));
  }

  async #supervise(
    name: string,
    script: string,
    restart: boolean,
    environment: () => Record<string, string>,
  ): Promise<void> {
    const logFile = this.directory.logFile(name);
    await stateDirectories.writeWhole(logFile, '');
    const onLine = name === 'functions' ? (line: string) => this.#hearFunctions(line) : undefined;
    const supervisor = await Supervisor.start(
      () => ({ name, script, environment: environment(), logFile, ...(onLine && { onLine }) }),
      {
        ...RESTART_DEFAULT,
        restart: () => restart && this.#mayRestart(),
        mayEnd: name !== 'functions',
      },
      // While it starts, the error says it all.
      (note) => this.#ready && this.#options.onLog(note),
    );
    this.#supervisors.set(name, supervisor);
  }

  // Restarted functions come back at the address that everybody knows.
  #functionsEnvironment(): Record<string, string> {
    const port =
      this.#url === null ? this.#prepared.functionsPort : Number(new URL(this.#url).port);
    return { ...this.#prepared.environment, MPCOMM_FUNCTIONS_PORT: String(port) };
  }

  #peerEnvironment(peerId: string, zone: string, secret: string): Record<string, string> {
    return {
      ...this.#prepared.environment,
      MPCOMM_PEER_ID: peerId,
      MPCOMM_ZONE: zone,
      MPCOMM_SECRET: secret,
      MPCOMM_LOSS: String(this.#options.loss),
      ...PEER_ENVIRONMENT,
    };
  }

  #hearFunctions(line: string): void {
    const address = /^\{"listening": ?"(http:\/\/[^"]+)"\}$/.exec(line)?.[1];
    if (address === undefined) this.#options.onLog(`functions: ${line}`);
    else this.#url = address;
  }

  #watchFunctions(): void {
    void this.#supervisors.get('functions')!.down.then(({ end }) => {
      void this.#stop({
        how: 'failed',
        message: `the process of the functions ${describeEnd(end)}`,
      });
    });
  }

  // Peers that all ended with status 0 obeyed an exit command.
  async #watchPeers(): Promise<void> {
    const peers = this.peerIds.map(async (peerId) => {
      const { expected } = await this.#supervisors.get(peerId)!.down;
      if (expected) this.#obeyedAtMs = Date.now();
      return expected;
    });
    const obeyed = (await Promise.all(peers)).includes(true);
    await this.#stop(
      obeyed
        ? { how: 'exited', message: 'the peers ended as they were told' }
        : { how: 'failed', message: `no peer is up; see ${this.directory.path}/logs` },
    );
  }

  #mayRestart(): boolean {
    return this.#ready && Date.now() - this.#obeyedAtMs > EXIT_MS_MAX;
  }

  async #stopPeers(): Promise<void> {
    const peers = this.peerIds.map((peerId) => this.#supervisors.get(peerId)!);
    await Promise.all(peers.map((each) => each.stop(STOP_GRACE_MS)));
    await awaitLastComparison(this.#backend.store);
  }

  async #stopProcesses(): Promise<void> {
    await Promise.all([...this.#supervisors.values()].map((each) => each.stop(STOP_GRACE_MS)));
  }

  #stop(end: LaboratoryEnd): Promise<void> {
    this.#stopping ??= this.#cleanups.run().then(() => this.#resolveDown(end));
    return this.#stopping;
  }

  #record(environment: Readonly<Record<string, string>>) {
    return {
      pid: process.pid,
      startedAtMs: this.#startedAtMs,
      backend: this.#options.backend,
      url: this.#url,
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
