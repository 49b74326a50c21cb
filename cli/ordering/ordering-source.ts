import type { GuaranteeName } from '../../core/guarantees.ts';
import type { OrderingEntry } from '../../core/orderings/registry.ts';
import { findOrdering } from '../../custom/load-ordering.ts';
import { Failure, messageOf } from '../shell/failure.ts';
import { shellWord } from '../shell/shell-word.ts';
import { withOutputAside } from './ordering-thread.ts';
import { refuseEndless } from './refuse-endless.ts';

/** Where an ordering comes from: plain data, so that it can be handed to a worker thread. */
export type OrderingSource = NamedSource | ExecSource;

export interface NamedSource {
  /** A name of the registry, or a file. */
  readonly ordering: string;
}

/** A program that speaks the exec protocol; what is absent is left to it (docs/exec-protocol.md). */
export interface ExecSource {
  readonly exec: string;
  readonly channels?: 'reliable' | 'raw';
  readonly guarantees?: readonly GuaranteeName[];
}

export interface OpenOptions {
  /** A program gets new processes for each group, also if it says that it begins anew by itself. */
  readonly fresh?: boolean;
  /** How many members have variables of their own in the module of a file; default 1, where nothing is simulated. */
  readonly members?: number;
}

/** As many members as a drawn schedule has at most, and more than anybody plays with. */
export const SIMULATED_MEMBERS = 16;

/**
 * Throws `OrderingModuleError` or `ExecError`, which say what is wrong and allowed. The processes of a
 * program end with the thread that opened it.
 */
export async function openOrdering(
  source: OrderingSource,
  { fresh = false, ...loading }: OpenOptions = {},
): Promise<OrderingEntry> {
  if (!('exec' in source)) return findOrdering(source.ordering, loading);
  const { exec, ...options } = source;
  // Each worker of a check opens its ordering, and hardly any needs the hundred modules that read a program's answers.
  const { openExecOrdering } = await import('../../custom/exec-ordering.ts');
  return openExecOrdering({ command: exec, ...options, fresh }).entry;
}

/** The same for a command: whatever is wrong is a `Failure`. */
export async function openSource(
  source: OrderingSource,
  opening: OpenOptions = {},
): Promise<OrderingEntry> {
  if ('ordering' in source) await refuseEndless(source.ordering);
  try {
    return await withOutputAside(() => openOrdering(source, opening));
  } catch (error) {
    throw new Failure(messageOf(error), { cause: error });
  }
}

/** What a file of choices calls the ordering, by which `mpcomm play` finds it; a program has to be named there. */
export function nameInSchedule(source: OrderingSource): string {
  return 'exec' in source ? '' : source.ordering;
}

/** The options of the command line that mean this source. */
export function describeSource(source: OrderingSource): string {
  if (!('exec' in source)) return `--ordering ${shellWord(source.ordering)}`;
  const { exec, channels, guarantees } = source;
  const options = [`--exec ${shellWord(exec)}`];
  if (channels !== undefined) options.push(`--exec-channels ${channels}`);
  if (guarantees !== undefined) options.push(`--guarantees ${guarantees.join(',')}`);
  return options.join(' ');
}
