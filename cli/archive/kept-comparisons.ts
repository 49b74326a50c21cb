import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { comparisonSchema, type Comparison } from '../../control/comparison-document.ts';
import { runIdSchema } from '../../control/names.ts';
import {
  attemptToRead,
  isAbsence,
  readIfPresent,
  type StateDirectory,
} from '../../local/state-directory.ts';

/** The comparisons that lie in a state directory as files: what is left where their store is gone. */
export class KeptComparisons {
  readonly #directory: StateDirectory;

  constructor(directory: StateDirectory) {
    this.#directory = directory;
  }

  /** The ids of their runs, in no order. */
  async runIds(): Promise<string[]> {
    const folder = dirname(this.#directory.comparisonFile('any'));
    const names = await attemptToRead(this.#directory.path, folder, async () => {
      return readdir(folder).catch((error: unknown): string[] => {
        if (isAbsence(error)) return [];
        throw error;
      });
    });
    const ids = names.flatMap((name) => (name.endsWith('.json') ? [name.slice(0, -5)] : []));
    return ids.filter((id) => runIdSchema.safeParse(id).success);
  }

  /**
   * The comparison of a run; `null` when none was kept, or this version cannot read it, as when the file is
   * damaged.
   */
  async read(runId: string): Promise<Comparison | null> {
    const file = this.#directory.comparisonFile(runId);
    const text = await attemptToRead(this.#directory.path, file, () => readIfPresent(file));
    if (text === null) return null;
    try {
      return comparisonSchema.parse(JSON.parse(text));
    } catch {
      return null;
    }
  }
}
