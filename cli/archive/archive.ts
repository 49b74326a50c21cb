import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { comparisonSchema, type Comparison } from '../../control/comparison-document.ts';
import { paths, runSchema, type Run } from '../../control/documents.ts';
import { runIdSchema } from '../../control/names.ts';
import type { Backend } from '../../control/ports.ts';
import { findLaboratory } from '../../local/laboratory-file.ts';
import { openBackend } from '../../backend/open-backend.ts';
import {
  isAbsence,
  readIfPresent,
  stateDirectoryAt,
  type StateDirectory,
} from '../../local/state-directory.ts';
import type { CloudOptions } from '../site/cloud-options.ts';
import { openCloud } from '../site/open-cloud.ts';
import type { Context } from '../shell/context.ts';
import { Failure } from '../shell/failure.ts';
import { missingReports, readComparison } from '../run/follow-run.ts';
import { readProgress, type RunPhase, type RunProgress } from '../../control/runs/run-state.ts';
import type { Recording } from '../render/pictures.ts';
import { readRecording } from './read-recording.ts';

export interface ArchiveOptions extends CloudOptions {
  readonly state: string;
  readonly backend?: 'embedded' | 'emulators' | 'gcp';
}

/** One line of the list of runs. */
export interface ArchivedRun {
  readonly runId: string;
  /** `null` when only the comparison was kept. */
  readonly run: Run | null;
  readonly phase: RunPhase;
  readonly comparison: Comparison | null;
}

/** No list of runs is longer: of more, the last ones. */
const RUNS_MAX = 10_000;

/** The runs of earlier days: in the store, and as kept comparisons of stores that are gone. */
export class Archive {
  readonly #directory: StateDirectory;
  readonly #backend: Backend | null;

  /** Opens the store of the laboratory that is up, else the state directory's, if it has one. */
  static async open(context: Context, options: ArchiveOptions): Promise<Archive> {
    const directory = stateDirectoryAt(options.state);
    return new Archive(directory, await openStore(context, options, directory));
  }

  private constructor(directory: StateDirectory, backend: Backend | null) {
    this.#directory = directory;
    this.#backend = backend;
  }

  /** Where its runs are, for a sentence. */
  get place(): string {
    return this.#backend?.name === 'gcp' ? 'the cloud' : this.#directory.path;
  }

  get directory(): StateDirectory {
    return this.#directory;
  }

  async close(): Promise<void> {
    await this.#backend?.close();
  }

  /** The ids of the last runs, oldest first. */
  async runIds(last: number): Promise<string[]> {
    const stored = (await this.#backend?.store.list(paths.runs, { bytes: false, last })) ?? [];
    const ids = new Set(stored.map(({ path }) => path.slice(path.lastIndexOf('/') + 1)));
    for (const runId of await this.#keptIds()) ids.add(runId);
    return [...ids].sort().slice(-last);
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

  /** Everything about one run. */
  async read(runId: string): Promise<ArchivedRun> {
    const document = await this.#backend?.store.read(paths.run(runId));
    const run = runSchema.safeParse(document?.fields).data ?? null;
    const comparison = await this.#readComparison(runId);
    if (comparison !== null) return { runId, run, phase: 'compared', comparison };
    if (run === null) throw new Failure(`run ${runId} cannot be read`);
    const { phase } = await this.#progressOf(run);
    return { runId, run, phase, comparison };
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
    const missing = missingReports(progress);
    const who = missing.length === 0 ? 'all peers reported' : `no report of ${missing.join(', ')}`;
    throw new Failure(`run ${runId} has no comparison: it is ${phase} (${who})`);
  }

  #progressOf({ plan }: Run): Promise<RunProgress> {
    const { store, clock } = this.#backend!;
    return readProgress(store, plan, clock());
  }

  async #readComparison(runId: string): Promise<Comparison | null> {
    const document = await this.#backend?.store.read(paths.comparison(runId));
    if (document !== undefined) return readComparison(this.#backend!.store, runId);
    const text = await readIfPresent(this.#directory.comparisonFile(runId));
    return text === null ? null : (comparisonSchema.safeParse(JSON.parse(text)).data ?? null);
  }

  async #keptIds(): Promise<string[]> {
    const folder = dirname(this.#directory.comparisonFile('any'));
    const names = await readdir(folder).catch((error: unknown): string[] => {
      if (isAbsence(error)) return [];
      throw error;
    });
    const ids = names.map((name) => name.replace(/\.json$/, ''));
    return ids.filter((id) => runIdSchema.safeParse(id).success);
  }
}

// Only reading: where there is no state file, none is created.
async function openStore(
  context: Context,
  options: ArchiveOptions,
  directory: StateDirectory,
): Promise<Backend | null> {
  const { backend } = options;
  if (backend === 'gcp') return (await openCloud(context, options)).backend;
  const record = await findLaboratory(directory);
  const isUp = record !== null && record.url !== null;
  if (isUp && (backend ?? record.backend) === record.backend)
    return openBackend(record.environment);
  if (backend === 'emulators') {
    throw new Failure(`no laboratory on emulators is up in ${directory.path}`);
  }
  if (!existsSync(directory.stateFile)) return null;
  return openBackend({ MPCOMM_BACKEND: 'embedded', MPCOMM_STATE_FILE: directory.stateFile });
}
