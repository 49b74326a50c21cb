import { resolve } from 'node:path';
import {
  findOrdering,
  isOrderingFile,
  ORDERING_FILE_VARIABLE,
} from '../../custom/load-ordering.ts';
import { ORDERINGS } from '../../core/orderings/registry.ts';
import type { LaboratoryRecord } from '../../local/laboratory-file.ts';
import type { SiteOptions } from '../shell/context.ts';
import { Failure, messageOf } from '../shell/failure.ts';
import { shellWord } from '../shell/shell-word.ts';
import { refuseEndless } from './refuse-endless.ts';

/** The name under which what --ordering gives is run. Throws `Failure`, which says what is allowed. */
export async function nameOfOrdering(given: string | undefined): Promise<string | undefined> {
  if (given === undefined) return undefined;
  await refuseEndless(given);
  try {
    return (await findOrdering(given)).name;
  } catch (error) {
    throw new Failure(messageOf(error), { cause: error });
  }
}

/**
 * Throws `Failure` unless a laboratory can be given this ordering. One of the project's changes nothing there:
 * who names it believes that all runs would have it, and would get `unordered`.
 */
export async function checkOwnOrdering(given: string | undefined): Promise<void> {
  if (given !== undefined && ORDERINGS.has(given)) {
    throw new Failure(
      `--ordering takes a file here, and every laboratory has ${given}: each run names its own, as in ` +
        `"mpcomm run 4 50 --ordering ${given}"`,
    );
  }
  await nameOfOrdering(given);
}

/** What the processes of a laboratory are told of an ordering that is in a file. */
export function orderingEnvironment({ ordering }: SiteOptions): Record<string, string> {
  if (ordering === undefined || !isOrderingFile(ordering)) return {};
  return { [ORDERING_FILE_VARIABLE]: resolve(ordering) };
}

/** Throws `Failure` when the laboratory that is up was not started with the file that is asked for. */
export function checkOrderingFile(options: SiteOptions, record: LaboratoryRecord): void {
  const wanted = orderingEnvironment(options)[ORDERING_FILE_VARIABLE];
  const loaded = record.environment[ORDERING_FILE_VARIABLE];
  if (wanted === undefined || wanted === loaded) return;
  throw new Failure(
    `the laboratory that is up (process ${record.pid}) was started ` +
      `${loaded === undefined ? 'without an ordering from a file' : `with ${loaded}`}; ` +
      `end it with "mpcomm exit" and run again, or start it with "mpcomm up --ordering ${shellWord(options.ordering!)}"`,
  );
}
