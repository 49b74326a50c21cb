import { fileURLToPath } from 'node:url';
import { startFirstAlone } from './first-alone.ts';
import { describeProcessEnd, type RunningProcess } from './processes.ts';
import { writeWhole, type StateDirectory } from './state-directory.ts';
import { RESTART_DEFAULT, Supervisor } from './supervisor.ts';

/** Between SIGTERM and SIGKILL: a peer in a run uploads what it has. */
const STOP_GRACE_MS = 5_000;
const PEER_SCRIPT = fileURLToPath(new URL('../peer/main.ts', import.meta.url));
const FUNCTIONS_SCRIPT = fileURLToPath(new URL('../functions/serve.ts', import.meta.url));
const FUNCTIONS = 'functions';

/** On one machine all zones are one: their distance is emulated. */
const PEER_ENVIRONMENT = {
  MPCOMM_HOST: '127.0.0.1',
  MPCOMM_PORT: '0',
  MPCOMM_NETWORK: 'emulated',
} as const;

export interface LaboratoryPeer {
  readonly peerId: string;
  readonly zone: string;
}

export interface ProcessesOptions {
  readonly directory: StateDirectory;
  /** Where the functions listen at first; 0 takes any port. */
  readonly functionsPort: number;
  /** How many peers it has: the functions wait a moment for one that is being started again. */
  readonly peers: number;
  /** What all processes are told. */
  readonly environment: Readonly<Record<string, string>>;
  readonly secret: string;
  /** Share of datagrams that the emulated network swallows. */
  readonly loss: number;
  /** Whether anything may be started, and whether a peer that ended unexpectedly is: asked each time. */
  readonly mayStart: () => boolean;
  readonly restartPeers: boolean;
  readonly onLog: (note: string) => void;
}

/** The functions and the peers of a laboratory, each kept up by a supervisor. */
export class LaboratoryProcesses {
  readonly #options: ProcessesOptions;
  readonly #supervisors = new Map<string, Supervisor>();
  #url: string | null = null;
  #ready = false;

  constructor(options: ProcessesOptions) {
    this.#options = options;
  }

  /** Base address of the functions; `null` until they have said it. */
  get url(): string | null {
    return this.#url;
  }

  get supervisors(): readonly Supervisor[] {
    return [...this.#supervisors.values()];
  }

  /** Restarts what ends from now on; before that, a laboratory that does not start says why. */
  beReady(): void {
    this.#ready = true;
  }

  /** Id of the process that `name` (a peer's id, or functions) runs as now. */
  processId(name: string): number {
    return this.#supervisor(name).current.pid;
  }

  /** Starts the functions. Unlike other processes, they are needed before the laboratory is up. */
  async startFunctions(): Promise<void> {
    const onLine = (line: string) => this.#hearFunctions(line);
    const restart = () => this.#ready && this.#options.mayStart();
    const policy = { restart, mayEnd: false };
    await this.#supervise(
      FUNCTIONS,
      FUNCTIONS_SCRIPT,
      policy,
      () => this.#functionsEnvironment(),
      onLine,
    );
  }

  /** Starts all peers. Throws the reason of `signal` when it is aborted meanwhile. */
  async startPeers(peers: readonly LaboratoryPeer[], signal: AbortSignal): Promise<void> {
    await startFirstAlone(peers, (peer) => this.#startPeer(peer), signal);
  }

  async #startPeer(peer: LaboratoryPeer): Promise<RunningProcess> {
    const { environment, secret, loss, restartPeers, mayStart } = this.#options;
    const settings = {
      ...environment,
      MPCOMM_PEER_ID: peer.peerId,
      MPCOMM_ZONE: peer.zone,
      MPCOMM_SECRET: secret,
      MPCOMM_LOSS: toDecimal(loss),
      ...PEER_ENVIRONMENT,
    };
    const restart = () => this.#ready && restartPeers && mayStart();
    const policy = { restart, mayEnd: true };
    return this.#supervise(peer.peerId, PEER_SCRIPT, policy, () => settings);
  }

  /** Resolves with a sentence once the functions are down for good. */
  async functionsDown(): Promise<string> {
    const { end } = await this.#supervisor(FUNCTIONS).down;
    return `the process of the functions ${describeProcessEnd(end)}`;
  }

  /** Resolves once all peers are down for good; true when each of them ended well, with status 0. */
  async peersDown(): Promise<boolean> {
    const ends = await Promise.all(this.#peers().map((supervisor) => supervisor.down));
    return ends.every(({ expected }) => expected);
  }

  /** SIGTERM to every peer, SIGKILL to those that are still there after `graceMs`. */
  async stopPeers(graceMs: number = STOP_GRACE_MS): Promise<void> {
    await Promise.all(this.#peers().map((each) => each.stop(graceMs)));
  }

  async stop(): Promise<void> {
    await Promise.all(this.supervisors.map((each) => each.stop(STOP_GRACE_MS)));
  }

  #peers(): Supervisor[] {
    return [...this.#supervisors].flatMap(([name, each]) => (name === FUNCTIONS ? [] : [each]));
  }

  #supervisor(name: string): Supervisor {
    const supervisor = this.#supervisors.get(name);
    if (supervisor === undefined) throw new Error(`no process of the laboratory is called ${name}`);
    return supervisor;
  }

  async #supervise(
    name: string,
    script: string,
    policy: { readonly restart: () => boolean; readonly mayEnd: boolean },
    environment: () => Record<string, string>,
    onLine?: (line: string) => void,
  ): Promise<RunningProcess> {
    const logFile = this.#options.directory.logFile(name);
    await this.#emptyLog(logFile);
    const supervisor = await Supervisor.start(
      () => ({ name, script, environment: environment(), logFile, ...(onLine && { onLine }) }),
      { ...RESTART_DEFAULT, ...policy },
      // While the laboratory starts, the error says it all.
      (note) => this.#ready && this.#options.onLog(note),
    );
    this.#supervisors.set(name, supervisor);
    return supervisor.current;
  }

  // A laboratory can do without its logs, and a full disk is no reason not to start.
  async #emptyLog(logFile: string): Promise<void> {
    try {
      await writeWhole(logFile, '');
    } catch (error) {
      this.#options.onLog(
        `no log is kept: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  // Restarted functions come back at the address that everybody knows.
  #functionsEnvironment(): Record<string, string> {
    const { environment, functionsPort } = this.#options;
    const port = this.#url === null ? functionsPort : Number(new URL(this.#url).port);
    return {
      ...environment,
      MPCOMM_FUNCTIONS_PORT: String(port),
      MPCOMM_PEERS: String(this.#options.peers),
    };
  }

  #hearFunctions(line: string): void {
    const address = /^\{"listening": ?"(http:\/\/[^"]+)"\}$/.exec(line)?.[1];
    if (address === undefined) this.#options.onLog(`functions: ${line}`);
    else this.#url = address;
  }
}

/** A share from 0 to 1 in digits alone: 1e-7, as numbers print themselves, is none to a peer. */
export function toDecimal(share: number): string {
  const text = String(share);
  return text.includes('e') ? share.toFixed(20).replace(/0+$/, '') : text;
}
