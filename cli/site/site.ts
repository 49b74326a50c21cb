import type { WallClock, Store } from '../../control/ports.ts';
import { Laboratory, startLaboratory } from '../../local/laboratory.ts';
import {
  findLaboratory,
  LaboratoryIsUpError,
  type LaboratoryRecord,
} from '../../local/laboratory-file.ts';
import { openBackend } from '../../backend/open-backend.ts';
import type { LocalBackendName } from '../../local/prepared-backend.ts';
import { whyUnwritable } from '../../local/state/state-watch.ts';
import { stateDirectoryAt, type StateDirectory } from '../../local/state-directory.ts';
import { checkJoinable, findStarted, type StartedLaboratory } from './find-started.ts';
import { openCloud, refuseLocalOptions } from './open-cloud.ts';
import type { Context, SiteOptions } from '../shell/context.ts';
import { Failure } from '../shell/failure.ts';
import { orderingEnvironment } from '../ordering/file-ordering.ts';
import type { FunctionsAddress } from './functions-client.ts';
import { count } from '../render/table.ts';

const LOOK_PERIOD_MS = 1_000;

const POLL_MS = 150;
const CLOUD_POLL_MS = 1_000;

/** A laboratory to run something on: joined, or started for this command. */
export interface Site {
  readonly url: FunctionsAddress;
  readonly store: Store;
  /** The time that the documents in `store` bear. */
  readonly clock: WallClock;
  readonly directory: StateDirectory;
  /** The interval in ms at which its documents are worth a look: in the cloud each look costs money. */
  readonly pollMs: number;
  /** Why the store cannot be written at this moment, with the cure; `null` where it can, or nobody knows. */
  readonly whyUnwritable: () => Promise<string | null>;
  /** Also aborted when the laboratory goes down by itself. */
  readonly signal: AbortSignal;
  /** The laboratory that this command started, which goes down with it; `null` when it joined one. */
  readonly laboratory: Laboratory | null;
  /** Stops a laboratory of this command's own; leaves a joined one alone. */
  close(): Promise<void>;
}

/**
 * Joins the laboratory that is up in the state directory, or is just starting there, or starts one with `peers`
 * peers. Throws `Failure` when the one that is up is another kind of laboratory than the options ask for.
 */
export async function openSite(
  context: Context,
  options: SiteOptions,
  peers: number,
): Promise<Site> {
  const directory = stateDirectoryAt(options.state);
  if (options.backend === 'gcp') return joinCloud(context, options, directory);
  const record = await findStarted(context, options, directory);
  if (record !== null) return joinSite(context, options, directory, record);
  try {
    return await startSite(context, options, peers);
  } catch (error) {
    if (!(error instanceof LaboratoryIsUpError)) throw error;
    // Another command was quicker: it has the laboratory that both need.
    const quicker = await findStarted(context, options, directory);
    if (quicker === null) throw error;
    return joinSite(context, options, directory, quicker);
  }
}

/** The laboratory that is deployed in a project: it is there, or its functions say what is missing. */
async function joinCloud(
  context: Context,
  options: SiteOptions,
  directory: StateDirectory,
): Promise<Site> {
  refuseLocalOptions(options);
  const { settings, identity, functions, backend } = await openCloud(context, options);
  context.terminal.note(
    `Using the laboratory in project ${settings.project} (${settings.region}), as ${identity.description}.`,
  );
  return {
    url: functions,
    store: backend.store,
    clock: backend.clock,
    directory,
    pollMs: CLOUD_POLL_MS,
    whyUnwritable: async () => null,
    signal: context.signal,
    laboratory: null,
    close: () => backend.close(),
  };
}

async function joinSite(
  { terminal, signal }: Context,
  options: SiteOptions,
  directory: StateDirectory,
  record: StartedLaboratory,
): Promise<Site> {
  const { url } = record;
  checkJoinable(options, record);
  terminal.note(`Using the laboratory that is up (process ${record.pid}, ${url}).`);
  const backend = await openBackend(record.environment);
  const watch = watchLaboratory(directory, record);
  return {
    url,
    store: backend.store,
    clock: backend.clock,
    directory,
    pollMs: POLL_MS,
    whyUnwritable: storeTrouble(record.backend, directory),
    signal: AbortSignal.any([signal, watch.signal]),
    laboratory: null,
    close: async () => {
      watch.stop();
      await backend.close();
    },
  };
}

/** Looks every second whether the laboratory that was joined is still up; aborts once it is not. */
function watchLaboratory(directory: StateDirectory, record: LaboratoryRecord) {
  const down = new AbortController();
  const look = async (): Promise<void> => {
    const found = await findLaboratory(directory);
    if (found?.pid === record.pid && found.startedAtMs === record.startedAtMs) return;
    down.abort(new Failure(`the laboratory that was up (process ${record.pid}) is gone`));
  };
  // A look that fails is followed by the next one.
  const timer = setInterval(() => void look().catch(() => undefined), LOOK_PERIOD_MS);
  // The timer must not keep a command alive that has nothing else to do.
  timer.unref();
  return { signal: down.signal, stop: () => clearInterval(timer) };
}

/** Starts a laboratory for this command. Throws when one is up in the state directory. */
export async function startSite(
  context: Context,
  options: SiteOptions,
  peers: number,
): Promise<Site> {
  const laboratory = await startNoted(context, options, peers);
  const down = new AbortController();
  void laboratory.whenDown.then(({ message, how }) => {
    down.abort(new Failure(how === 'stopped' ? message : `the laboratory went down: ${message}`));
  });
  return {
    url: laboratory.url,
    store: laboratory.backend.store,
    clock: laboratory.backend.clock,
    directory: laboratory.directory,
    pollMs: POLL_MS,
    whyUnwritable: storeTrouble(localBackend(options), laboratory.directory),
    signal: AbortSignal.any([context.signal, down.signal]),
    laboratory,
    close: () => laboratory.stop(),
  };
}

/** Only the embedded backend keeps its store in the state directory. */
function storeTrouble(backend: LocalBackendName, directory: StateDirectory) {
  return async () => (backend === 'embedded' ? whyUnwritable(directory) : null);
}

function localBackend({ backend }: SiteOptions): LocalBackendName {
  if (backend !== 'gcp') return backend ?? 'embedded';
  throw new Failure('a laboratory on Google Cloud is deployed (npm run deploy), not started here');
}

/** Starts a laboratory and says so, with its events after that. */
export async function startNoted(
  { terminal, signal }: Context,
  options: SiteOptions,
  peers: number,
): Promise<Laboratory> {
  const backend = localBackend(options);
  const startedMs = performance.now();
  terminal.note(`Starting a laboratory: ${count(peers, 'peer')}, ${backend} backend ...`);
  const laboratory = await startLaboratory({
    backend,
    stateDirectory: options.state,
    peers,
    zones: options.zones ?? null,
    loss: options.loss ?? 0,
    environment: orderingEnvironment(options),
    onLog: (line) => terminal.note(`laboratory: ${line}`),
    signal,
  });
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
  terminal.note(`The laboratory is up after ${seconds} s: functions at ${laboratory.url}`);
  return laboratory;
}
