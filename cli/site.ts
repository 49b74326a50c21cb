import type { Store } from '../control/ports.ts';
import { Laboratory, startLaboratory } from '../local/laboratory.ts';
import { findLaboratory, type LaboratoryRecord } from '../local/laboratory-file.ts';
import { openBackend } from '../local/open-backend.ts';
import { stateDirectoryAt, type StateDirectory } from '../local/state-directory.ts';
import type { Context, SiteOptions } from './context.ts';
import { Failure } from './failure.ts';
import { checkOrderingFile, orderingEnvironment } from './file-ordering.ts';
import { count } from './table.ts';

const LOOK_PERIOD_MS = 1_000;

/** A laboratory to run something on: joined, or started for this command. */
export interface Site {
  readonly url: string;
  readonly store: Store;
  readonly directory: StateDirectory;
  /** Also aborted when the laboratory goes down by itself. */
  readonly signal: AbortSignal;
  /** The laboratory that this command started, which goes down with it; `null` when it joined one. */
  readonly laboratory: Laboratory | null;
  /** Stops a laboratory of this command's own; leaves a joined one alone. */
  close(): Promise<void>;
}

/**
 * Joins the laboratory that is up in the state directory, or starts one with `peers` peers. Throws
 * `Failure` when the one that is up is another kind of laboratory than the options ask for.
 */
export async function openSite(
  context: Context,
  options: SiteOptions,
  peers: number,
): Promise<Site> {
  const directory = stateDirectoryAt(options.state);
  const record = await findLaboratory(directory);
  return record === null
    ? startSite(context, options, peers)
    : joinSite(context, options, directory, record);
}

async function joinSite(
  { terminal, signal }: Context,
  options: SiteOptions,
  directory: StateDirectory,
  record: LaboratoryRecord,
): Promise<Site> {
  const url = checkJoinable(options, record);
  terminal.note(`Using the laboratory that is up (process ${record.pid}, ${url}).`);
  const backend = await openBackend(record.environment);
  const watch = watchLaboratory(directory, record);
  return {
    url,
    store: backend.store,
    directory,
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
  // It must not keep a command alive that has nothing else to do.
  timer.unref();
  return { signal: down.signal, stop: () => clearInterval(timer) };
}

/** Gives the laboratory's address. Throws `Failure` when it is not what the options ask for. */
export function checkJoinable(options: SiteOptions, record: LaboratoryRecord): string {
  const up = `the laboratory that is up (process ${record.pid})`;
  if (record.url === null) throw new Failure(`${up} is still starting; try again in a moment`);
  if (options.backend !== undefined && options.backend !== record.backend) {
    throw new Failure(
      `${up} is on the ${record.backend} backend, not on ${options.backend}; ` +
        'end it with "mpcomm exit", or use another --state directory',
    );
  }
  if (options.loss !== undefined && options.loss !== record.loss) {
    throw new Failure(
      `${up} loses ${record.loss} of its datagrams; --loss is for a laboratory that is started`,
    );
  }
  checkOrderingFile(options, record);
  return record.url;
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
    directory: laboratory.directory,
    signal: AbortSignal.any([context.signal, down.signal]),
    laboratory,
    close: () => laboratory.stop(),
  };
}

/** Starts a laboratory and says so, with its events after that. */
export async function startNoted(
  { terminal, signal }: Context,
  options: SiteOptions,
  peers: number,
): Promise<Laboratory> {
  const backend = options.backend ?? 'embedded';
  const startedMs = Date.now();
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
  const seconds = ((Date.now() - startedMs) / 1_000).toFixed(1);
  terminal.note(`The laboratory is up after ${seconds} s: functions at ${laboratory.url}`);
  return laboratory;
}
