import type { Context } from '../shell/context.ts';
import { isOrderingFile } from '../../custom/load-ordering.ts';
import { simulateOnce, type SimulateOptions } from './simulate-once.ts';
import { simulateWatched } from './simulate-watched.ts';

/**
 * `mpcomm simulate`: gives the exit status. The code of a file runs on a thread of its own, where an
 * endless loop can be ended; a program is watched by its protocol, and orderings of the registry end.
 */
export function simulateCommand(context: Context, options: SimulateOptions): Promise<number> {
  const isForeign = options.exec === undefined && isOrderingFile(options.ordering);
  return isForeign ? simulateWatched(context, options) : simulateOnce(context.terminal, options);
}
