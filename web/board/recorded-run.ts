import type { RecordingDocument } from '../../control/api/dashboard-documents.ts';
import { buildTimeline } from '../../diagram/timeline.ts';
import { replayRecording } from '../../simulation/play/replay-recording.ts';
import { recordedLogs } from '../laboratory/diagram/recorded-logs.ts';
import { BOARD_ORDERINGS } from './board-orderings.ts';
import type { RecordedRun } from './board-state.ts';

/** More steps than the board shows without making somebody wait for each. */
const STEPS_MAX = 20_000;

/**
 * A run that the members of a laboratory recorded, as a game of the board. The steps of different members stand in
 * the order of their clocks, aligned as in the diagram.
 * @throws RangeError that says why there is no such game.
 */
export function openRecordedRun(runId: string, recording: RecordingDocument): RecordedRun {
  const { setup, clocks } = recording;
  if (setup === null || clocks === 'none') {
    throw new RangeError(`run ${runId} was not recorded: only a recorded run opens on the board`);
  }
  const { ordering, workload, ...numbers } = setup;
  const entry = BOARD_ORDERINGS.get(ordering);
  if (entry === undefined) throw new RangeError(`the board has no ordering ${ordering}`);
  const logs = recordedLogs(recording);
  const events = logs.reduce((sum, log) => sum + log.events.length, 0);
  const played = { ...numbers, ...(workload === undefined ? {} : { workload }) };
  const { offsetsUs } = buildTimeline(logs, clocks);
  const { choices, departs } = replayRecording(entry, played, logs, offsetsUs ?? []);
  if (choices.length > STEPS_MAX) {
    throw new RangeError(
      `run ${runId} has ${choices.length} steps (${events} events); the board shows up to ${STEPS_MAX}, ` +
        '"mpcomm simulate --from" any number',
    );
  }
  return { runId, setup: { ...played, ordering, puzzle: '' }, choices, departs };
}
