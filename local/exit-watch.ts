import { commandSchema } from '../control/command.ts';
import type { Bus } from '../control/ports.ts';

/** The name that the subscription belongs to; no peer of a laboratory is called so. */
const SUBSCRIBER = 'laboratory';

export interface ExitWatch {
  /** Aborted once an exit command was published, and for good: this laboratory is to end. */
  readonly published: AbortSignal;
  /** Ends the watch and leaves no subscription behind. */
  close(): Promise<void>;
}

/**
 * Listens on the bus for exit commands, as the peers do: from one peer that ended with status 0 nobody
 * can tell whether all were to end. Only commands published from now on count: a laboratory that was
 * killed may have left a subscription behind, with commands for it that nobody heard.
 */
export async function watchExit(bus: Bus, onError: (error: Error) => void): Promise<ExitWatch> {
  const exit = new AbortController();
  await bus.unsubscribe(SUBSCRIBER);
  const hear = async (message: unknown): Promise<void> => {
    const isExit = commandSchema.safeParse(message).data?.command === 'exit';
    if (isExit) exit.abort(new Error('the laboratory was told to exit'));
  };
  const subscription = await bus.subscribe(SUBSCRIBER, hear, onError);
  return {
    published: exit.signal,
    async close() {
      await subscription.close();
      await bus.unsubscribe(SUBSCRIBER);
    },
  };
}
