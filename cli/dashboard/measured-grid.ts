import type {
  GridProgressDocument,
  GridRequestBody,
} from '../../control/api/dashboard-documents.ts';
import { createParameters } from '../grid/create-parameters.ts';
import { readEnvironment } from '../grid/environment.ts';
import { foreseeNewGrid } from '../grid/cloud/foresee-grid.ts';
import { gridCommand } from '../grid/grid-command.ts';
import { type GridOptions, requestOf } from '../grid/grid-request.ts';
import type { Context } from '../shell/context.ts';
import { Failure, messageOf } from '../shell/failure.ts';
import { PLAIN, type Terminal } from '../shell/terminal.ts';
import type { CloudOptions } from '../site/cloud-options.ts';

/** The most notes of a grid that are kept; older ones are forgotten. */
const NOTES_MAX = 12;
/** The width of the command's terminal, at which it cuts no line. */
const COLUMNS = 240;

export interface MeasuredGridPlaces extends CloudOptions {
  /** Where the folders of grids are put. */
  readonly results: string;
  /** The state directory of the laboratory that is started for a grid; of the cloud, where its credentials are not. */
  readonly state: string;
  /** `gcp`: in the laboratory that is deployed in a project, and not in one on this machine. */
  readonly backend?: 'embedded' | 'emulators' | 'gcp';
}

/**
 * Measures one grid at a time on behalf of the page, as the command does: in a laboratory of its own on this machine,
 * or run after run in the one in the cloud.
 */
export class MeasuredGrid {
  readonly #context: Context;
  readonly #places: MeasuredGridPlaces;
  #environment: ReturnType<typeof readEnvironment> | null = null;
  #stop: AbortController | null = null;
  #ended: Promise<void> = Promise.resolve();
  #progress: GridProgressDocument | null = null;

  constructor(context: Context, places: MeasuredGridPlaces) {
    this.#context = context;
    this.#places = places;
  }

  /**
   * How many runs that would be, how long they take, and in the cloud what they cost; nothing is begun. Throws
   * `Failure` where one of its runs would be refused.
   */
  async foresee(body: GridRequestBody): Promise<string> {
    this.#environment ??= readEnvironment();
    const request = requestOf(this.#optionsOf(body), null);
    const now = new Date().toISOString();
    return foreseeNewGrid(createParameters(request, await this.#environment, now));
  }

  /** The progress of the grid that is measured now, or was measured last; `null` when there was none. */
  get progress(): GridProgressDocument | null {
    return this.#progress;
  }

  /** Begins to measure. Throws `Failure` while another grid is measured. */
  begin(body: GridRequestBody): void {
    if (this.#progress?.state === 'measuring') {
      throw new Failure(`the grid ${this.#progress.name} is being measured; one at a time`);
    }
    const stop = new AbortController();
    this.#stop = stop;
    this.#progress = { name: body.name, state: 'measuring', notes: [] };
    this.#ended = this.#measure(body, AbortSignal.any([this.#context.signal, stop.signal]));
  }

  /** Stops the measurement in order. What was measured stays, and the same grid can go on from there. */
  async stop(): Promise<void> {
    this.#stop?.abort(new Failure('the grid was stopped; the same grid goes on from here'));
    await this.#ended;
  }

  async #measure(body: GridRequestBody, signal: AbortSignal): Promise<void> {
    try {
      const terminal = this.#terminal();
      await gridCommand({ ...this.#context, terminal, signal }, this.#optionsOf(body));
      this.#end('ended');
    } catch (error) {
      this.#note(messageOf(error));
      this.#end('failed');
    }
  }

  /** The places stand first: what was asked for is never another's. */
  #optionsOf(body: GridRequestBody): GridOptions {
    const { name, orderings, peers, messages, runs, seed } = body;
    const { results, backend, ...places } = this.#places;
    return {
      ...places,
      out: results,
      backend: backend === 'gcp' ? ('gcp' as const) : ('embedded' as const),
      name,
      orderings,
      peers,
      messages,
      runs,
      ...(seed !== undefined && { seed }),
    };
  }

  /**
   * A terminal for the command: what it says becomes notes, and a line that it rewrites is rewritten among
   * them.
   */
  #terminal(): Terminal {
    return {
      data: () => undefined,
      note: (text) => this.#note(text),
      status: {
        isTTY: true,
        columns: COLUMNS,
        // oxlint-disable-next-line no-control-regex -- the codes by which a line is rewritten
        write: (text) => this.#rewrite(text.replaceAll(/\r|\u001b\[K/g, '')),
      },
      paint: PLAIN,
    };
  }

  #note(text: string): void {
    this.#setNotes([...this.#notes.filter((each) => !isBar(each)), text]);
  }

  #rewrite(text: string): void {
    if (text !== '') this.#setNotes([...this.#notes.filter((each) => !isBar(each)), text]);
  }

  get #notes(): readonly string[] {
    return this.#progress?.notes ?? [];
  }

  #setNotes(notes: readonly string[]): void {
    if (this.#progress === null) return;
    this.#progress = { ...this.#progress, notes: notes.slice(-NOTES_MAX) };
  }

  #end(state: 'ended' | 'failed'): void {
    if (this.#progress !== null) this.#progress = { ...this.#progress, state };
  }
}

/** Whether a note is the line with the bar, which the next one replaces. */
function isBar(note: string): boolean {
  return note.startsWith('[');
}
