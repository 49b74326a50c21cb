import { commandSchema } from '../control/command.ts';
import type { Bus } from '../control/ports.ts';

/** Whose subscription it is; no peer of a laboratory is called so. */
const SUBSCRIBER = 'laboratory';

export interface ExitWatch {
  /** Whether an exit command was published that still ends peers. */
  isPublished(nowMs: number): boolean;
  /** Whether one was ever published. */
  wasPublished(): boolean;
  /** Ends the watch and leaves no subscription behind. */
  close(): Promise<void>;
}

/**
 * Listens on the bus for exit commands, as the peers do: that a peer ended with status 0 does not
 * tell whether it was one of all that were to end. Commands issued before `sinceMs` were meant for
 * an earlier laboratory.
 */
export async function watchExit(
  bus: Bus,
  sinceMs: number,
  onError: (error: Error) => void,
): Promise<ExitWatch> {
  let expiresAtMs = -Infinity;
  const hear = async (message: unknown): Promise<void> => {
    const { data } = commandSchema.safeParse(message);
    if (data?.command !== 'exit' || data.issuedAtMs < sinceMs) return;
    expiresAtMs = Math.max(expiresAtMs, data.expiresAtMs);
  };
  const subscription = await bus.subscribe(SUBSCRIBER, hear, onError);
  return {
    isPublished: (nowMs) => nowMs <= expiresAtMs,
    wasPublished: () => expiresAtMs > -Infinity,
    async close() {
      await subscription.close();
      await bus.unsubscribe(SUBSCRIBER);
    },
  };
}
