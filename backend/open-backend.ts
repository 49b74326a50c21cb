import { z } from 'zod';
import type { Backend, WallClock } from '../control/ports.ts';
import { clockOf } from './laboratory-clock.ts';

const TOPIC_DEFAULT = 'mpcomm-commands';
const DATABASE_DEFAULT = '(default)';
const STATE_FILE_DEFAULT = '.mpcomm/state.sqlite';
const EMULATED_PROJECT_DEFAULT = 'mpcomm-emulated';

const text = (allowed: string) => z.string(`is not set; it is ${allowed}`).min(1, `is ${allowed}`);

const host = z
  .string('is not set; it is the host:port that the emulator printed')
  .regex(/^[^\s/:]+:[0-9]{1,5}$/, 'is host:port, such as 127.0.0.1:8085');

const project = z
  .string('is not set; it is the id of your Google Cloud project')
  .regex(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, 'is a project id: 6 to 30 of a-z, 0-9 and -');

const topic = z
  .string()
  .regex(/^(?!goog)[A-Za-z][\w.~+%-]{2,254}$/, 'is 3 to 255 letters, digits or -._~+%, not goog...')
  .default(TOPIC_DEFAULT);

const database = z
  .string()
  .regex(/^(\(default\)|[a-z][a-z0-9-]{2,61}[a-z0-9])$/, 'is (default), or 4 to 63 of a-z, 0-9, -')
  .default(DATABASE_DEFAULT);

const unset = z
  .undefined('is set, but MPCOMM_BACKEND=gcp means the cloud: unset one of them')
  .optional();

const environmentSchema = z.discriminatedUnion(
  'MPCOMM_BACKEND',
  [
    z.object({
      MPCOMM_BACKEND: z.literal('embedded'),
      MPCOMM_STATE_FILE: text('the path of an SQLite file').default(STATE_FILE_DEFAULT),
    }),
    z.object({
      MPCOMM_BACKEND: z.literal('emulators'),
      MPCOMM_PROJECT: project.default(EMULATED_PROJECT_DEFAULT),
      MPCOMM_TOPIC: topic,
      MPCOMM_DATABASE: database,
      PUBSUB_EMULATOR_HOST: host,
      FIRESTORE_EMULATOR_HOST: host,
    }),
    z.object({
      MPCOMM_BACKEND: z.literal('gcp'),
      MPCOMM_PROJECT: project,
      MPCOMM_TOPIC: topic,
      MPCOMM_DATABASE: database,
      // The clients would follow these silently, and a run in the cloud would never be seen there.
      PUBSUB_EMULATOR_HOST: unset,
      FIRESTORE_EMULATOR_HOST: unset,
    }),
  ],
  'is embedded, emulators or gcp',
);

/**
 * Opens the backend that the environment variables name (docs/backends.md lists them). Rejects with
 * an error that names each variable that is wrong and what is allowed. Only the clients of that
 * backend are loaded.
 */
export async function openBackend(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Backend> {
  const settings = parseEnvironment(environment);
  const clock = clockOf(environment);
  if (settings.MPCOMM_BACKEND === 'embedded') {
    return openEmbedded(settings.MPCOMM_STATE_FILE, clock);
  }
  if (settings.MPCOMM_BACKEND === 'emulators') {
    // Without this the clients' authentication looks for a metadata server, for seconds.
    process.env['METADATA_SERVER_DETECTION'] = 'none';
  }
  const { openGoogleBackend } = await import('../gcp/backend.ts');
  return openGoogleBackend({
    name: settings.MPCOMM_BACKEND,
    project: settings.MPCOMM_PROJECT,
    topic: settings.MPCOMM_TOPIC,
    database: settings.MPCOMM_DATABASE,
    pubsubEmulatorHost: settings.PUBSUB_EMULATOR_HOST,
    firestoreEmulatorHost: settings.FIRESTORE_EMULATOR_HOST,
    clock,
  });
}

/** The parts of a backend that are needed to read what it holds. */
export type ReadableBackend = Pick<Backend, 'name' | 'store' | 'clock' | 'close'>;

/**
 * Opens a backend only to read what it holds: the embedded one's file then may lie on a medium that
 * cannot be written. Rejects as `openBackend` does.
 */
export async function openToRead(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ReadableBackend> {
  const settings = parseEnvironment(environment);
  if (settings.MPCOMM_BACKEND !== 'embedded') return openBackend(environment);
  const { SqliteStore } = await import('./sqlite-store.ts');
  const clock = clockOf(environment);
  const store = await SqliteStore.openToRead(settings.MPCOMM_STATE_FILE, clock);
  return { name: 'embedded', store, clock, close: () => store.close() };
}

function parseEnvironment(environment: Readonly<Record<string, string | undefined>>) {
  const backend = environment['MPCOMM_BACKEND'] ?? 'embedded';
  const parsed = environmentSchema.safeParse({ ...environment, MPCOMM_BACKEND: backend });
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    const value = name === 'MPCOMM_BACKEND' ? backend : environment[name];
    return `${name}${value === undefined ? '' : `="${value}"`} ${issue.message}`;
  });
  throw new Error(`The backend's settings are wrong: ${wrong.join('; ')}`);
}

/** One SQLite file; the store and the bus each have a connection of their own. */
async function openEmbedded(file: string, clock: WallClock): Promise<Backend> {
  const { SqliteStore } = await import('./sqlite-store.ts');
  const { SqliteBus } = await import('./sqlite-bus.ts');
  const store = await SqliteStore.open(file, clock);
  const bus = await SqliteBus.open(file, clock).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  const close = async () => {
    await bus.close();
    await store.close();
  };
  return { name: 'embedded', bus, store, clock, close };
}
