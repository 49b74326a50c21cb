import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readIfPresent, writeWhole } from '../../../local/state-directory.ts';
import type { Scope } from '../../../simulation/exhaustive/scope.ts';
import type { ScopeState } from '../../../simulation/exhaustive/scope-search.ts';
import type { ScheduleTally } from '../../../simulation/exhaustive/search-part.ts';
import { Failure, messageOf } from '../../shell/failure.ts';

/** A scope all schedules of which were judged. */
export interface WholeScope {
  readonly scope: Scope;
  readonly tally: ScheduleTally;
}

/** How far an exhaustive search has come. */
export interface ExhaustiveState {
  readonly whole: readonly WholeScope[];
  /** The scope after these; `null` while it is not begun. */
  readonly current: ScopeState | null;
}

interface KeptState extends ExhaustiveState {
  readonly search: typeof FORM;
  /** Says what was searched, and by what code. */
  readonly digest: string;
}

/** The version of the form: a file with another one counts for nothing. */
const FORM = 2;
const SAVE_PERIOD_MS = 2_000;

/** Keeps how far a search has come in a file, so that it goes on there after whatever ended it. */
export class StateKeeper {
  readonly file: string;
  readonly #digest: string;
  #savedAtMs = performance.now();
  #saving: Promise<void> = Promise.resolve();

  constructor(file: string, digest: string) {
    this.file = file;
    this.#digest = digest;
  }

  /** `null` where nothing is kept of this search. Throws `Failure` for a file that cannot be read. */
  async load(): Promise<ExhaustiveState | null> {
    try {
      const text = await readIfPresent(this.file);
      if (text === null) return null;
      const { search, digest, whole, current } = JSON.parse(text) as KeptState;
      return search === FORM && digest === this.#digest ? { whole, current } : null;
    } catch (error) {
      throw new Failure(
        `${this.file} cannot be read (${messageOf(error)}): remove it to begin anew`,
      );
    }
  }

  /** Saves now and then, while the caller goes on. */
  note(state: () => ExhaustiveState): void {
    if (performance.now() - this.#savedAtMs < SAVE_PERIOD_MS) return;
    void this.save(state()).catch(() => undefined);
  }

  /** Waits until the state is saved, as it is now; throws what the file system says. */
  async save(state: ExhaustiveState): Promise<void> {
    this.#savedAtMs = performance.now();
    const kept: KeptState = { search: FORM, digest: this.#digest, ...state };
    // The search goes on while the file is written: what it found since must not be half in it.
    const text = JSON.stringify(kept);
    const before = this.#saving.catch(() => undefined);
    this.#saving = before.then(async () => {
      await mkdir(dirname(this.file), { recursive: true });
      await writeWhole(this.file, text);
    });
    await this.#saving;
  }

  /** Removes the file, because the search is over. */
  async forget(): Promise<void> {
    await this.#saving.catch(() => undefined);
    await rm(this.file, { force: true });
  }
}
