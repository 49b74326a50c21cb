import { setTimeout as sleep } from 'node:timers/promises';
import type { EventLog } from '../../core/records/event-log.ts';
import type { RecordedGame } from '../../simulation/play/record-choices.ts';

const POLL_MS_DEFAULT = 250;

/** A run that may have been recorded to its end, or not yet. */
export interface GrowingRecording {
  /** What its peers have uploaded by now. */
  readonly read: () => Promise<readonly EventLog[]>;
  readonly replay: (logs: readonly EventLog[]) => RecordedGame;
  /** Whether peers may still upload more. */
  readonly mayGrow: () => boolean;
  /** Is called once, before the first wait. */
  readonly onWait: () => void;
  readonly signal: AbortSignal;
}

/**
 * Replays a recording, and again whenever it has grown, until it comes back whole or does not grow any more. Peers
 * answer each other for a second after a run was compared, and upload last what they record then: of one peer there may
 * be more than of another.
 */
export async function replayWhenWhole(
  { read, replay, mayGrow, onWait, signal }: GrowingRecording,
  pollMs = POLL_MS_DEFAULT,
): Promise<RecordedGame> {
  let logs = await read();
  let game = replay(logs);
  for (let waits = 0; game.departs !== null && mayGrow(); waits += 1) {
    if (waits === 0) onWait();
    await sleep(pollMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    const later = await read();
    if (eventsOf(later) === eventsOf(logs)) continue;
    logs = later;
    game = replay(logs);
  }
  return game;
}

function eventsOf(logs: readonly EventLog[]): number {
  return logs.reduce((sum, { events }) => sum + events.length, 0);
}
