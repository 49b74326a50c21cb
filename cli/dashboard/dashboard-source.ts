import { orderingsOf } from '../../custom/load-ordering.ts';
import { ORDERING_NAMES } from '../../core/orderings/registry.ts';
import { findLaboratory, type LaboratoryRecord } from '../../local/laboratory-file.ts';
import { sparingNotes } from '../../local/sparing-notes.ts';
import { stateDirectoryAt, type StateDirectory } from '../../local/state-directory.ts';
import { Archive, type ArchiveOptions } from '../archive/archive.ts';
import type { Context } from '../shell/context.ts';
import { Failure } from '../shell/failure.ts';
import { type FunctionsAddress, postRun, type RunBody } from '../site/functions-client.ts';
import { type Cloud, openCloud } from '../site/open-cloud.ts';
import { answerWithin } from './answer-within.ts';

/** Somebody in front of a page waits for a shorter time than a command in a terminal does. */
const PATIENCE = { attemptsMax: 2, answerMsMax: 10_000 } as const;
const OPEN_MS_MAX = 10_000;
/** How long a replaced archive stays open, which is longer than any reading from it takes. */
const RETIRED_MS = 60_000;

interface OpenedArchive {
  /** Which laboratory it was opened for. */
  readonly key: string;
  readonly archive: Promise<Archive>;
}

/**
 * Where the dashboard reads and where it begins runs: the laboratory that is up in the state directory, whichever
 * that is now, or the one in the cloud. Laboratories come and go while a page is open; runs that were made stay.
 */
export class DashboardSource {
  readonly directory: StateDirectory;
  readonly backend: 'gcp' | null;
  readonly #context: Context;
  readonly #options: ArchiveOptions;
  #opened: OpenedArchive | null = null;
  /** Replaced archives that are still open, by the timers that close them. */
  readonly #retired = new Map<NodeJS.Timeout, OpenedArchive>();
  #cloud: Promise<Cloud> | null = null;

  constructor(context: Context, options: ArchiveOptions) {
    const { terminal } = context;
    // A store's fault is found anew by every look, and need not be told each time.
    const note = sparingNotes((text) => terminal.note(text));
    this.#context = { ...context, terminal: { ...terminal, note } };
    this.#options = options;
    this.directory = stateDirectoryAt(options.state);
    this.backend = options.backend === 'gcp' ? 'gcp' : null;
  }

  /** The laboratory on this machine; `null` when none is up, and for the cloud. */
  async laboratory(): Promise<LaboratoryRecord | null> {
    return this.backend === 'gcp' ? null : findLaboratory(this.directory);
  }

  /** The runs, of the laboratory that is up or of earlier ones. Throws `Failure` when that takes too long. */
  async archive(): Promise<Archive> {
    const record = await this.laboratory();
    const key = record?.url == null ? 'none' : `${record.pid} ${record.startedAtMs}`;
    const sentence = `the store does not open within ${OPEN_MS_MAX / 1_000} s`;
    const archive = await answerWithin(this.#openedFor(key), OPEN_MS_MAX, sentence);
    // Where no store was found, the next call looks again.
    if (archive.opened === null && this.#opened?.key === key) this.#retire();
    return archive;
  }

  #openedFor(key: string): Promise<Archive> {
    if (this.#opened?.key === key) return this.#opened.archive;
    this.#retire();
    const { state, backend, ...cloud } = this.#options;
    const options: ArchiveOptions =
      this.backend === 'gcp' ? { state, ...cloud, backend: 'gcp' } : { state };
    const archive = Archive.open(this.#context, options);
    // Whoever asks next tries again; whoever asked now hears why.
    archive.catch(() => {
      if (this.#opened?.archive === archive) this.#opened = null;
    });
    this.#opened = { key, archive };
    return archive;
  }

  /** Lets another archive take the place of this one, which is closed once nobody can be reading from it. */
  #retire(): void {
    const retired = this.#opened;
    this.#opened = null;
    if (retired === null) return;
    const timer = setTimeout(() => {
      this.#retired.delete(timer);
      void closeArchive(retired);
    }, RETIRED_MS);
    this.#retired.set(timer, retired);
  }

  /** Begins a run; gives its id. Throws `Failure` with what the laboratory objected to. */
  async begin(body: RunBody): Promise<string> {
    return postRun(await this.#functions(), body, this.#context.signal, PATIENCE);
  }

  async #functions(): Promise<FunctionsAddress> {
    if (this.backend === 'gcp') {
      return (await this.#openedCloud()).functions;
    }
    const record = await this.laboratory();
    if (record === null) throw new Failure('no laboratory is up; start one with "mpcomm up"');
    if (record.url === null) throw new Failure('the laboratory is still starting');
    return record.url;
  }

  #openedCloud(): Promise<Cloud> {
    if (this.#cloud !== null) return this.#cloud;
    const cloud = openCloud(this.#context, this.#options);
    // As with an archive, whoever asks next tries again.
    cloud.catch(() => {
      if (this.#cloud === cloud) this.#cloud = null;
    });
    this.#cloud = cloud;
    return cloud;
  }

  /** The names of the orderings that can be run there. */
  async orderings(): Promise<readonly string[]> {
    const record = await this.laboratory();
    if (record === null) return ORDERING_NAMES;
    const orderings = await orderingsOf(record.environment).catch(() => null);
    return orderings === null ? ORDERING_NAMES : [...orderings.keys()];
  }

  async close(): Promise<void> {
    for (const timer of this.#retired.keys()) clearTimeout(timer);
    await Promise.all([this.#opened, ...this.#retired.values()].map(closeArchive));
    const cloud = await this.#cloud?.catch(() => null);
    await cloud?.backend.close();
  }
}

async function closeArchive(opened: OpenedArchive | null): Promise<void> {
  const archive = await opened?.archive.catch(() => null);
  await archive?.close();
}
