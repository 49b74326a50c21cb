import type { Context } from '../shell/context.ts';
import { isOrderingFile } from '../../custom/load-ordering.ts';
import { endAtOnceOnSignals } from '../shell/interruption.ts';
import { simulateOnce, type SimulateOptions } from './simulate-once.ts';
import { simulateWatched } from './simulate-watched.ts';

/**
 * `mpcomm simulate`: gives the exit status. The code of a file runs on a thread of its own, where an
 * endless loop can be ended; a program is watched by its protocol, and orderings of the registry end. These two
 * are computed in one go here, so that Ctrl-C has to end the process.
 */
export async function simulateCommand(context: Context, options: SimulateOptions): Promise<number> {
  const isForeign = options.exec === undefined && isOrderingFile(options.ordering);
  if (isForeign) return simulateWatched(context, options);
  context.signal.throwIfAborted();
  endAtOnceOnSignals();
  return simulateOnce(context.terminal, options);
}
