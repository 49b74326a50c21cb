import { leaseSchema, paths } from '../../control/documents.ts';
import type { Tools } from '../tools.ts';
import type { Settings } from './pulumi.ts';
import { DATABASE_DEFAULT, type Wish } from './wish.ts';

/** A run that has the laboratory. */
interface RunUnderWay {
  readonly runId: string;
  readonly untilMs: number;
}

const LOOK_PERIOD_MS = 15_000;

/**
 * A change of the peers makes their machines anew, which ends a run under way. So whoever is asked is told of it first, and
 * where nobody is asked (--yes) its end is waited for, which its lease bounds to an hour. Gives what could not be found
 * out, as a sentence without a full stop; `null` where all is known.
 */
export async function heedRun(
  tools: Tools,
  wish: Pick<Wish, 'project' | 'yes'>,
  remembered: Settings | null,
): Promise<string | null> {
  // Nothing was deployed before.
  if (remembered?.['project'] === undefined) return null;
  const place = { project: wish.project, database: remembered['database'] ?? DATABASE_DEFAULT };
  try {
    const run = await findRun(tools, place);
    if (run === null) return null;
    const until = new Date(run.untilMs).toISOString();
    tools.say(
      `Run ${run.runId} is under way, until its comparison or ${until} at the latest. Peers that are made anew end it` +
        (wish.yes ? '; this waits for its end.' : '.'),
    );
    if (wish.yes) await awaitEnd(tools, place, run);
    return null;
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return `whether a run was under way, which this then ended: ${why}`;
  }
}

type Place = Parameters<Tools['readDocument']>[0];

async function awaitEnd(tools: Tools, place: Place, run: RunUnderWay): Promise<void> {
  const looksMax = Math.ceil(Math.max(0, run.untilMs - Date.now()) / LOOK_PERIOD_MS) + 1;
  for (let looks = 0; looks < looksMax; looks += 1) {
    await tools.pause(LOOK_PERIOD_MS);
    // Another run that began meanwhile is not waited for: a grid begins one after the other.
    if ((await findRun(tools, place))?.runId !== run.runId) return;
  }
}

async function findRun(tools: Tools, place: Place): Promise<RunUnderWay | null> {
  const lease = leaseSchema.safeParse(await tools.readDocument(place, paths.lease));
  if (!lease.success || lease.data.untilMs < Date.now()) return null;
  const compared = await tools.readDocument(place, paths.comparison(lease.data.runId));
  return compared === undefined ? lease.data : null;
}
