import { join } from 'node:path';
import { STATE_DIRECTORY_DEFAULT, stateDirectoryAt } from '../../local/state-directory.ts';
import { ORDERINGS, type OrderingEntry } from '../../core/orderings/registry.ts';
import { writeSchedule } from '../../simulation/choices/recorded-schedule.ts';
import { PlayedGame } from '../../simulation/play/played-game.ts';
import { replayRecording } from '../../simulation/play/replay-recording.ts';
import { Archive } from '../archive/archive.ts';
import { setupOfPlan } from '../archive/setup-of-plan.ts';
import { saveText } from '../check/save-counterexample.ts';
import { openSource, SIMULATED_MEMBERS } from '../ordering/ordering-source.ts';
import { fromHere } from '../render/from-here.ts';
import { howToRecord } from '../render/pictures.ts';
import { count, formatNumber, wrap } from '../render/table.ts';
import { replayWhenWhole } from './replay-when-whole.ts';
import type { Context } from '../shell/context.ts';
import { EXIT, Failure } from '../shell/failure.ts';
import { shellWord } from '../shell/shell-word.ts';

/** How long after the comparison of a run its peers may still upload what they recorded. */
const GROWS_MS = 10_000;

export interface SimulateFromOptions {
  /** A recorded run: its id, the beginning of it, or "last". */
  readonly from: string;
  /** A file, where the run's ordering is in one. */
  readonly ordering: string;
  readonly state: string | undefined;
}

/**
 * `mpcomm simulate --from RUN`: a run of a laboratory that was recorded, once more as a game of chosen steps. Gives the
 * exit status: 1 when what was played breaks a guarantee that the ordering declares. Throws `Failure`.
 */
export async function simulateFrom(
  context: Context,
  { from, ordering, state = STATE_DIRECTORY_DEFAULT }: SimulateFromOptions,
): Promise<number> {
  const { terminal } = context;
  const { runId, delivered, source, entry, setup, choices, departs } = await replayRun(
    context,
    from,
    ordering,
    state,
  );
  const game = new PlayedGame(entry, setup);
  game.load(choices);
  const file = join(stateDirectoryAt(state).path, 'play', `${runId}.json`);
  const problem = await saveText(file, writeSchedule({ ordering: source, setup, choices }));
  terminal.data(
    [
      wrap(describeRun(runId, choices.length, departs), ''),
      ...game
        .view()
        .members.map(({ log }, peer) => describeLog(peer, log.length, delivered[peer]!)),
      ...game.broken.map(({ name, isPromised, text }) =>
        wrap(`${isPromised ? 'BROKEN' : 'broken, and not promised:'} ${name}: ${text}`, ''),
      ),
      problem === null
        ? `Play: npx mpcomm play --from ${shellWord(fromHere(file))}`
        : `Not saved: ${problem}`,
    ].join('\n'),
  );
  return game.broken.some(({ isPromised }) => isPromised) ? EXIT.broken : EXIT.done;
}

/** The run, its ordering, and what of it comes back. */
async function replayRun(context: Context, wanted: string, ordering: string, state: string) {
  const archive = await Archive.open(context, { state });
  try {
    const runId = await archive.find(wanted);
    const comparison = await archive.comparison(runId);
    const { run } = await archive.read(runId);
    const { clocks } = await archive.recording(runId, comparison);
    if (run === null || clocks === 'none') throw new Failure(howToRecord(runId));
    const { plan } = run;
    const source = ORDERINGS.has(plan.ordering) ? plan.ordering : ordering;
    const entry = await openEntry(source, plan.ordering);
    const setup = setupOfPlan(plan);
    const game = await replayWhenWhole({
      read: async () => (await archive.recording(runId, comparison)).logs,
      replay: (logs) => replayRecording(entry, setup, logs),
      mayGrow: () => archive.opened!.clock() < comparison.createdAtMs + GROWS_MS,
      onWait: () => context.terminal.note('The run ended just now: waiting for the last records.'),
      signal: context.signal,
    });
    const delivered = comparison.perPeer.map((peer) => peer.delivered);
    return { runId, delivered, source, entry, setup, ...game };
  } finally {
    await archive.close();
  }
}

async function openEntry(source: string, wanted: string): Promise<OrderingEntry> {
  const entry = await openSource({ ordering: source }, { members: SIMULATED_MEMBERS });
  if (entry.name === wanted) return entry;
  throw new Failure(`the run was one of ${wanted}; --ordering FILE says where that is`);
}

function describeRun(runId: string, steps: number, departs: string | null): string {
  const what = `Run ${runId} as ${count(steps, 'chosen step')}`;
  if (departs === null) {
    return `${what}: every peer does what it recorded, and delivers the same in the same order.`;
  }
  return `${what}, as far as the recording tells: ${departs}. What comes after that is not known, and not played.`;
}

/** How much of what a peer delivered in the run it delivers in the game. */
function describeLog(peer: number, played: number, delivered: number): string {
  const deliveries = count(played, 'delivery', 'deliveries');
  const isLess = played < delivered;
  return `  peer ${peer}: ${deliveries}${isLess ? ` of the ${formatNumber(delivered)} that it made` : ''}`;
}
