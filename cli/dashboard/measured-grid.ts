import type {
  GridProgressDocument,
  GridRequestBody,
} from '../../control/api/dashboard-documents.ts';
import { gridCommand } from '../grid/grid-command.ts';
import type { Context } from '../shell/context.ts';
import { Failure, messageOf } from '../shell/failure.ts';
import { PLAIN, type Terminal } from '../shell/terminal.ts';

/** The most notes of a grid that are kept; older ones are forgotten. */
const NOTES_MAX = 12;
/** The width of the command's terminal, at which it cuts no line. */
const COLUMNS = 240;

/** Measures one grid at a time on behalf of the page, as the command does: in a laboratory of its own. */
export class MeasuredGrid {
  readonly #context: Context;
  readonly #results: string;
  readonly #state: string;
  #stop: AbortController | null = null;
  #ended: Promise<void> = Promise.resolve();
  #progress: GridProgressDocument | null = null;

  /** `results`: where the folder is put; `state`: the state directory of the laboratory that is started. */
  constructor(context: Context, results: string, state: string) {
    this.#context = context;
    this.#results = results;
    this.#state = state;
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

  #optionsOf({ name, orderings, peers, messages, runs, seed }: GridRequestBody) {
    const places = { out: this.#results, state: this.#state };
    return {
      name,
      orderings,
      peers,
      messages,
      runs,
      ...places,
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
        // eslint-disable-next-line no-control-regex -- the codes by which a line is rewritten
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
