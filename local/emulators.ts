import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';

const READY_MS_MAX = 60_000;
const READY_POLL_MS = 50;
const PROBE_MS_MAX = 2_000;
const TOOL_MS_MAX = 20_000;
const LOG_CHARACTERS_MAX = 8_192;
/** Another process may take a port that was free a moment ago, before an emulator does. */
const PORT_TRIES = 3;
/** How the Java of either says that. The Pub/Sub emulator goes on all the same, and never answers. */
const PORT_TAKEN = /Address already in use/;
const PROJECT = 'mpcomm-emulated';

/** Options for less compiling and one collector thread: an emulator starts faster and stays small. */
const JVM_OPTIONS = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx512m'];

/** Where the emulators were found. */
export interface EmulatorInstallation {
  readonly java: string;
  readonly pubsubJar: string;
  readonly firestoreJar: string;
}

export type FoundEmulators =
  | { readonly installation: EmulatorInstallation; readonly reason: undefined }
  /** One sentence that says what is missing and how to get it. */
  | { readonly installation: undefined; readonly reason: string };

export interface EmulatorOptions {
  /** Where the Firestore emulator sends its triggers' events. */
  readonly functionsPort?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Google's Pub/Sub and Firestore emulators, running. */
export interface Emulators {
  readonly project: string;
  /** `host:port` of each. */
  readonly pubsubHost: string;
  readonly firestoreHost: string;
  /** What `openBackend` needs to reach them. */
  readonly environment: Readonly<Record<string, string>>;
  /** Each of the two, for who wants to see what its failure does. */
  readonly pubsub: Emulator;
  readonly firestore: Emulator;
  /** Ends both processes; a second call does nothing. */
  stop(): Promise<void>;
}

/** One emulator. It keeps everything in memory: what it knew is gone once it was killed. */
export interface Emulator {
  /** Kills it; a second call does nothing. */
  stop(): Promise<void>;
  /** Starts it anew at the port that it had, and resolves once it answers. */
  startAgain(): Promise<void>;
  /** Sends a signal, such as SIGSTOP, to every process of it. */
  signal(signal: NodeJS.Signals): void;
}

/** The root directory of the Google Cloud SDK: what CLOUDSDK_ROOT_DIR says, or gcloud itself in about a second; else `undefined`. */
export async function findSdkRoot(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const told = environment['CLOUDSDK_ROOT_DIR'];
  if (told !== undefined) return told;
  const words = ['info', '--format=value(installation.sdk_root)'];
  return output('gcloud', words, { ...environment }, signal);
}

/**
 * Looks for Java and for the two emulators in the Google Cloud SDK, whose root directory
 * `findSdkRoot` tells.
 */
export async function findEmulators(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  signal?: AbortSignal,
): Promise<FoundEmulators> {
  const absent = (reason: string): FoundEmulators => ({ installation: undefined, reason });
  if (process.platform === 'win32') return absent('The emulators are not started on Windows.');
  const env = { ...environment };
  const [java, root] = await Promise.all([
    output('java', ['-version'], env, signal),
    findSdkRoot(environment, signal),
  ]);
  if (java === undefined) return absent('There is no working Java on the PATH.');
  if (!root) return absent('There is no working gcloud on the PATH, nor CLOUDSDK_ROOT_DIR.');
  const pubsubJar = findPubSubJar(join(root, 'platform', 'pubsub-emulator', 'lib'));
  if (pubsubJar === undefined) return absent(missingComponent('pubsub-emulator', root));
  const directory = join(root, 'platform', 'cloud-firestore-emulator');
  const firestoreJar = join(directory, 'cloud-firestore-emulator.jar');
  if (!existsSync(firestoreJar)) return absent(missingComponent('cloud-firestore-emulator', root));
  return { installation: { java: 'java', pubsubJar, firestoreJar }, reason: undefined };
}

function missingComponent(component: string, root: string): string {
  return `The Google Cloud SDK in ${root} has no ${component}: gcloud components install ${component}`;
}

function findPubSubJar(directory: string): string | undefined {
  if (!existsSync(directory)) return undefined;
  const name = readdirSync(directory).find((file) => /^cloud-pubsub-emulator-.*\.jar$/.test(file));
  return name && join(directory, name);
}

/** What a tool prints, trimmed; `undefined` when it is absent or fails. */
async function output(
  command: string,
  options: string[],
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<string | undefined> {
  try {
    const limits = { timeout: TOOL_MS_MAX, ...(signal !== undefined && { signal }) };
    const { stdout } = await promisify(execFile)(command, options, { env, ...limits });
    return stdout.trim();
  } catch {
    return undefined;
  }
}

/**
 * Starts both emulators on free ports of 127.0.0.1 and waits until they answer; rejects after 60 s,
 * or when one ends, with its log, or once `signal` is aborted. They end with `stop`, and by themselves when this process ends in
 * whatever way.
 */
export async function startEmulators(
  installation: EmulatorInstallation,
  options: EmulatorOptions = {},
): Promise<Emulators> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await startOnFreePorts(installation, options);
    } catch (error) {
      if (!(error instanceof PortTakenError) || tries === PORT_TRIES) throw error;
    }
  }
}

class PortTakenError extends Error {}

async function startOnFreePorts(
  installation: EmulatorInstallation,
  options: EmulatorOptions,
): Promise<Emulators> {
  const [pubsubPort, firestorePort] = await Promise.all([freePort(), freePort()]);
  const functions = options.functionsPort;
  const pubsub = new EmulatorProcess('Pub/Sub emulator', pubsubPort, installation.java, [
    ...[...JVM_OPTIONS, '-jar', installation.pubsubJar],
    ...['--host=127.0.0.1', `--port=${pubsubPort}`],
  ]);
  const firestore = new EmulatorProcess('Firestore emulator', firestorePort, installation.java, [
    ...[...JVM_OPTIONS, '-Duser.language=en', '-cp', installation.firestoreJar],
    'com.google.cloud.datastore.emulator.firestore.CloudFirestore',
    ...['--host=127.0.0.1', `--port=${firestorePort}`],
    ...(functions === undefined ? [] : [`--functions_emulator=127.0.0.1:${functions}`]),
  ]);
  const stop = async () => {
    await Promise.all([pubsub.stop(), firestore.stop()]);
  };
  try {
    await Promise.all([pubsub.ready(options.signal), firestore.ready(options.signal)]);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ...addressesOf(pubsubPort, firestorePort),
    pubsub,
    firestore,
    stop,
  };
}

function addressesOf(pubsubPort: number, firestorePort: number) {
  const pubsubHost = `127.0.0.1:${pubsubPort}`;
  const firestoreHost = `127.0.0.1:${firestorePort}`;
  const environment = {
    MPCOMM_BACKEND: 'emulators',
    MPCOMM_PROJECT: PROJECT,
    PUBSUB_EMULATOR_HOST: pubsubHost,
    FIRESTORE_EMULATOR_HOST: firestoreHost,
    METADATA_SERVER_DETECTION: 'none',
  };
  return { project: PROJECT, pubsubHost, firestoreHost, environment };
}

/**
 * Runs the command in the background and ends it when the pipe on its own standard input closes, which
 * happens when this process dies, even by kill -9. The guard ends itself when the command does.
 */
const GUARD = `
  exec 3<&0
  "$@" </dev/null 3<&- &
  child=$!
  { cat <&3 >/dev/null; kill -9 $child; } >/dev/null 2>&1 &
  wait $child
`;

class EmulatorProcess implements Emulator {
  readonly #name: string;
  readonly #port: number;
  readonly #command: readonly string[];
  #process!: ChildProcess;
  #ended!: Promise<void>;
  #log = '';
  #running = false;

  constructor(name: string, port: number, java: string, options: readonly string[]) {
    this.#name = name;
    this.#port = port;
    this.#command = [java, ...options];
    this.#launch();
  }

  #launch(): void {
    const started = spawn('/bin/sh', ['-c', GUARD, 'sh', ...this.#command], { detached: true });
    const note = (text: Buffer) => {
      this.#log = (this.#log + text.toString()).slice(-LOG_CHARACTERS_MAX);
    };
    started.stdout.on('data', note);
    started.stderr.on('data', note);
    started.stdin.on('error', () => undefined);
    this.#process = started;
    this.#running = true;
    this.#ended = new Promise((resolve) => {
      const end = () => {
        this.#running = false;
        started.stdin.destroy();
        resolve();
      };
      started.once('exit', end);
      started.once('error', end);
    });
  }

  /**
   * Resolves once it answers over HTTP; rejects with its log when it ends or takes too long, and once `signal` is aborted.
   */
  async ready(signal?: AbortSignal): Promise<void> {
    const deadline = performance.now() + READY_MS_MAX;
    while (this.#running && performance.now() < deadline) {
      signal?.throwIfAborted();
      // Whoever took its port may answer there.
      if (PORT_TAKEN.test(this.#log)) {
        throw new PortTakenError(`The port of the ${this.#name} is taken. Its log:\n${this.#log}`);
      }
      if (await answers(this.#port)) return;
      await sleep(READY_POLL_MS);
    }
    const what = this.#running ? `did not answer within ${READY_MS_MAX / 1000} s` : 'ended';
    throw new Error(`The ${this.#name} ${what}. Its log:\n${this.#log}`);
  }

  /** Kills the process group: an emulator keeps nothing that is worth a farewell. */
  async stop(): Promise<void> {
    if (!this.#running) return;
    this.signal('SIGKILL');
    await this.#ended;
  }

  async startAgain(): Promise<void> {
    await this.stop();
    this.#launch();
    await this.ready();
  }

  signal(signal: NodeJS.Signals): void {
    const group = this.#process.pid;
    if (!this.#running || group === undefined) return;
    try {
      process.kill(-group, signal);
    } catch {
      // It ended just now.
    }
  }
}

async function answers(port: number): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(PROBE_MS_MAX);
    const response = await fetch(`http://127.0.0.1:${port}/`, { signal });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
