import { freePort } from './free-port.ts';
import { findEmulators, startEmulators, type Emulators } from './emulators.ts';
import type { WallClock } from '../control/ports.ts';
import type { StateDirectory } from './state-directory.ts';
import { registerEmulatorTrigger, startStoreTrigger } from './trigger.ts';

/** The backends that a laboratory can have on one machine. */
export const LOCAL_BACKEND_NAMES = ['embedded', 'emulators'] as const;
export type LocalBackendName = (typeof LOCAL_BACKEND_NAMES)[number];

/** The document whose creation calls the function compare. */
const REPORT_PATTERN = 'runs/{runId}/reports/{peerId}';

/** A backend that is ready to be opened by several processes. */
export interface PreparedBackend {
  /** What `openBackend` needs. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where the functions have to listen; 0 when any port will do. */
  readonly functionsPort: number;
  /** From now on each new report calls compare at the functions' address. */
  startTrigger(url: string, clock: WallClock): Promise<{ stop(): Promise<void> }>;
  stop(): Promise<void>;
}

/** Starts what the backend needs. Throws where the emulators are absent or do not start, and once `signal` is aborted. */
export async function prepareBackend(
  name: LocalBackendName,
  directory: StateDirectory,
  onLog: (note: string) => void,
  signal?: AbortSignal,
): Promise<PreparedBackend> {
  return name === 'embedded' ? prepareEmbedded(directory, onLog) : prepareEmulators(signal);
}

function prepareEmbedded(
  { stateFile }: StateDirectory,
  onLog: (note: string) => void,
): PreparedBackend {
  return {
    environment: { MPCOMM_BACKEND: 'embedded', MPCOMM_STATE_FILE: stateFile },
    functionsPort: 0,
    async startTrigger(url, clock) {
      const trigger = await startStoreTrigger({
        stateFile,
        pattern: REPORT_PATTERN,
        url: `${url}/compare`,
        clock,
        onError: ({ message }) => onLog(`trigger: ${message}`),
      });
      return { stop: () => trigger.close() };
    },
    stop: async () => undefined,
  };
}

async function prepareEmulators(signal?: AbortSignal): Promise<PreparedBackend> {
  const { installation, reason } = await findEmulators(process.env, signal);
  signal?.throwIfAborted();
  if (installation === undefined) throw new Error(`the emulators cannot be started. ${reason}`);
  // The Firestore emulator learns at its start where events go, so the functions' port comes first.
  const functionsPort = await freePort();
  const emulators = await startEmulators(installation, { functionsPort, signal });
  return {
    environment: emulators.environment,
    functionsPort,
    startTrigger: () => registerCompare(emulators),
    stop: () => emulators.stop(),
  };
}

async function registerCompare({
  firestoreHost,
  project,
}: Emulators): Promise<{ stop(): Promise<void> }> {
  await registerEmulatorTrigger({
    firestoreHost,
    project,
    name: 'compare',
    pattern: REPORT_PATTERN,
  });
  // The emulator forgets its triggers when it ends.
  return { stop: async () => undefined };
}
