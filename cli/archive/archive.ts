import { stat } from 'node:fs/promises';
import { statSync } from 'node:fs';
import type { Comparison } from '../../control/comparison-document.ts';
import { paths, runSchema, type Run } from '../../control/documents.ts';
import type { Store } from '../../control/ports.ts';
import { findLaboratory } from '../../local/laboratory-file.ts';
import { openToRead, type ReadableBackend } from '../../backend/open-backend.ts';
import { StateFileError } from '../../backend/state-file-error.ts';
import { stateDirectoryAt, type StateDirectory } from '../../local/state-directory.ts';
import type { CloudOptions } from '../site/cloud-options.ts';
import { openCloud } from '../site/open-cloud.ts';
import type { Context } from '../shell/context.ts';
import { Failure } from '../shell/failure.ts';
import { describeReports, readComparison } from '../run/follow-run.ts';
import { readProgress, type RunPhase, type RunProgress } from '../../control/runs/run-state.ts';
import type { Recording } from '../render/pictures.ts';
import { KeptComparisons } from './kept-comparisons.ts';
import { readRecording } from './read-recording.ts';

export interface ArchiveOptions extends CloudOptions {
  readonly state: string;
  readonly backend?: 'embedded' | 'emulators' | 'gcp';
}

/** One line of the list of runs. */
export interface ArchivedRun {
  readonly runId: string;
  /** What was asked of the run; `null` when only the comparison was kept. */
  readonly run: Run | null;
  readonly phase: RunPhase;
  readonly comparison: Comparison | null;
}

/** The longest list of runs; of more, it has the last ones. */
const RUNS_MAX = 10_000;

/** The runs of earlier days: in the store, and as kept comparisons of stores that are gone. */
export class Archive {
  readonly #directory: StateDirectory;
  readonly #kept: KeptComparisons;
  readonly #note: (note: string) => void;
  #backend: ReadableBackend | null = null;
  /** What is wrong with the store's file, once something is. */
  #trouble: StateFileError | null = null;

  /**
   * Opens the store of the laboratory that is up, else the state directory's, if it has one. A store
   * that is damaged or cannot be read is told of, and what was kept outside of it takes its place.
   */
  static async open(context: Context, options: ArchiveOptions): Promise<Archive> {
    const archive = new Archive(context, stateDirectoryAt(options.state));
    await refuseFile(archive.directory.path);
    try {
      archive.#backend = await openStore(context, options, archive.directory);
    } catch (error) {
      archive.#bear(error);
    }
    return archive;
  }

  private constructor({ terminal }: Context, directory: StateDirectory) {
    this.#directory = directory;
    this.#kept = new KeptComparisons(directory);
    this.#note = (note) => terminal.note(note);
  }

  /** Where its runs are, for a sentence. */
  get place(): string {
    return this.#backend?.name === 'gcp' ? 'the cloud' : this.#directory.path;
  }

  get directory(): StateDirectory {
    return this.#directory;
  }

  /** The store that it reads, with its clock; `null` where there is none, or none that can be read. */
  get opened(): ReadableBackend | null {
    return this.#trouble === null ? this.#backend : null;
  }

  /** What is wrong with its store, in a sentence without its full stop; `null` where nothing is known to be. */
  get trouble(): string | null {
    return this.#trouble?.message ?? null;
  }

  async close(): Promise<void> {
    await this.#backend?.close();
  }

  /** The ids of the last runs, oldest first. */
  async runIds(last: number): Promise<string[]> {
    const stored = await this.#fromStore([], (store) => {
      return store.list(paths.runs, { bytes: false, last });
    });
    const ids = new Set(stored.map(({ path }) => path.slice(path.lastIndexOf('/') + 1)));
    for (const runId of await this.#kept.runIds()) ids.add(runId);
    return [...ids].sort().slice(-last);
  }

  /** The last runs, oldest first, but for those that cannot be read, which are told of. */
  async lastRuns(last: number): Promise<ArchivedRun[]> {
    const runs: ArchivedRun[] = [];
    const unreadable: string[] = [];
    for (const runId of await this.runIds(last)) {
      const run = await this.read(runId).catch(nullForFailure);
      if (run === null) unreadable.push(runId);
      else runs.push(run);
    }
    if (unreadable.length > 0) {
      this.#note(`Of these runs nothing can be read: ${unreadable.join(', ')}.`);
    }
    return runs;
  }

  /** The run that `wanted` means: an id, the beginning of only one id, or `last`. Throws `Failure`. */
  async find(wanted: string): Promise<string> {
    const ids = await this.runIds(RUNS_MAX);
    if (ids.length === 0) throw new Failure(`there are no runs in ${this.place}`);
    if (wanted === 'last') return ids.at(-1)!;
    const matching = ids.filter((runId) => runId.startsWith(wanted));
    if (matching.length === 1) return matching[0]!;
    throw new Failure(
      matching.length === 0
        ? `no run begins with ${wanted}; "mpcomm runs" lists them, the last is ${ids.at(-1)}`
        : `${wanted} is the beginning of ${matching.length} runs, from ${matching[0]} to ` +
            `${matching.at(-1)}; give more of it`,
    );
  }

  /** Everything about one run. Throws `Failure` when nothing of it can be read. */
  async read(runId: string): Promise<ArchivedRun> {
    const archived = await this.#readIfPossible(runId);
    if (archived !== null) return archived;
    const why =
      this.#trouble === null ? '' : ', because the store is damaged and no comparison was kept';
    throw new Failure(`run ${runId} cannot be read${why}`);
  }

  /** What is known of a run's events. Throws `Failure` where its store is gone. */
  async recording(runId: string, comparison: Comparison): Promise<Recording> {
    const { run } = await this.read(runId);
    if (run !== null) return readRecording(this.#backend!.store, run, comparison);
    throw new Failure(
      `of run ${runId} only the comparison was kept: what its peers delivered went with their store`,
    );
  }

  /** The comparison of a run. Throws `Failure`, which says how far the run has come, without one. */
  async comparison(runId: string): Promise<Comparison> {
    const { run, phase, comparison } = await this.read(runId);
    if (comparison !== null) return comparison;
    const progress = await this.#progressOf(run!);
    const who = describeReports(progress);
    throw new Failure(`run ${runId} has no comparison: it is ${phase} (${who})`);
  }

  async #readIfPossible(runId: string): Promise<ArchivedRun | null> {
    const comparison = await this.#readComparison(runId);
    return this.#fromStore(keptRun(runId, comparison), async (store) => {
      const run = runSchema.safeParse((await store.read(paths.run(runId)))?.fields).data ?? null;
      if (comparison !== null) return { runId, run, phase: 'compared', comparison };
      if (run === null) return null;
      const { phase } = await this.#progressOf(run);
      // It may have been compared since this looked.
      const late = phase === 'compared' ? await this.#readComparison(runId) : null;
      return { runId, run, phase, comparison: late };
    });
  }

  async #readComparison(runId: string): Promise<Comparison | null> {
    const stored = await this.#fromStore(null, async (store) => {
      const document = await store.read(paths.comparison(runId));
      return document === undefined ? null : readComparison(store, runId);
    });
    return stored ?? (await this.#kept.read(runId));
  }

  #progressOf({ plan }: Run): Promise<RunProgress> {
    const { store, clock } = this.#backend!;
    return readProgress(store, plan, clock());
  }

  /** What `read` gives, or `otherwise` where there is no store, or none that can be read. */
  async #fromStore<Result>(
    otherwise: Result,
    read: (store: Store) => Promise<Result>,
  ): Promise<Result> {
    if (this.#backend === null) return otherwise;
    try {
      return await read(this.#backend.store);
    } catch (error) {
      this.#bear(error);
      return otherwise;
    }
  }

  /** Says once what is wrong with the store's file; throws whatever else is wrong. */
  #bear(error: unknown): void {
    if (!(error instanceof StateFileError)) throw error;
    if (this.#trouble === null) {
      this.#note(
        `${error.message}.\nComparisons that were kept outside of it are read all the same.`,
      );
    }
    this.#trouble = error;
  }
}

function nullForFailure(error: unknown): null {
  if (error instanceof Failure) return null;
  throw error;
}

/** A run of which only the comparison is known, if even that. */
function keptRun(runId: string, comparison: Comparison | null): ArchivedRun | null {
  return comparison === null ? null : { runId, run: null, phase: 'compared', comparison };
}

// The store is opened only to be read: where there is no state file, none is created.
async function openStore(
  context: Context,
  options: ArchiveOptions,
  directory: StateDirectory,
): Promise<ReadableBackend | null> {
  const { backend } = options;
  if (backend === 'gcp') return (await openCloud(context, options)).backend;
  const record = await findLaboratory(directory);
  const isUp = record !== null && record.url !== null;
  if (isUp && (backend ?? record.backend) === record.backend) return openToRead(record.environment);
  if (backend === 'emulators') {
    throw new Failure(`no laboratory on emulators is up in ${directory.path}`);
  }
  if ((statSync(directory.stateFile, { throwIfNoEntry: false })?.size ?? 0) === 0) return null;
  return openToRead({ MPCOMM_BACKEND: 'embedded', MPCOMM_STATE_FILE: directory.stateFile });
}

/** Refuses a file in the place of a state directory: there are no runs in it, and none can come. */
async function refuseFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found === null || found.isDirectory()) return;
  throw new Failure(`${path} is no directory; allowed for --state is one, or a name for a new one`);
}
