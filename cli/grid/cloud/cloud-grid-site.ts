import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { paths } from '../../../control/documents.ts';
import { chooseMembers, livePeers } from '../../../control/runs/choose-members.ts';
import type { GoogleApi } from '../../../gcp/google-api.ts';
import { followRun, readPlan } from '../../run/follow-run.ts';
import { Failure } from '../../shell/failure.ts';
import { postRun } from '../../site/functions-client.ts';
import type { Cloud } from '../../site/open-cloud.ts';
import type { GridSite } from '../measure-grid.ts';

/** The interval between two looks, which each cost money in the cloud. */
const POLL_MS = 1_000;
const FAILURE_PAUSE_MS = 5_000;

/** A Spot machine that was taken away comes back when there is room: mostly within minutes. */
const READY_MS_MAX = 1_800_000;
const READY_POLL_MS = 10_000;

const operationsSchema = z.object({
  items: z
    .record(
      z.string(),
      z.object({
        operations: z
          .array(
            z.object({ targetLink: z.string().default(''), insertTime: z.string().default('') }),
          )
          .default([]),
      }),
    )
    .default({}),
});

export interface CloudGridOptions {
  readonly signal: AbortSignal;
  readonly note: (text: string) => void;
  /** How long is waited for peers that are missing; half an hour where it is not given. */
  readonly readyMsMax?: number;
  readonly readyPollMs?: number;
}

/** Where the runs of a grid are executed between real zones. */
export function createCloudGridSite(
  { functions, backend, api, settings }: Cloud,
  { signal, note, readyMsMax = READY_MS_MAX, readyPollMs = READY_POLL_MS }: CloudGridOptions,
): GridSite {
  const { store } = backend;
  return {
    run: async (body, show) => {
      const plan = await readPlan(store, await postRun(functions, body, signal));
      return followRun(backend, plan, show, signal, POLL_MS);
    },
    ready: async (zones) => {
      const untilMs = Date.now() + readyMsMax;
      for (let looks = 0; ; looks += 1) {
        const live = livePeers(await store.list(paths.peers, { bytes: false }), Date.now());
        const choice = chooseMembers(live, zones.length, zones);
        if (choice.members !== null) return;
        const missing = `no live peer in ${choice.missingZones.join(', ')}`;
        if (Date.now() > untilMs) {
          throw new Failure(
            `${missing} for ${Math.round(readyMsMax / 60_000)} min; the same command goes on later ` +
              '(mpcomm doctor --backend gcp tells what to do)',
          );
        }
        if (looks === 0) note(`Waiting: ${missing}.`);
        await sleep(readyPollMs, undefined, { signal }).catch(() => signal.throwIfAborted());
      }
    },
    taken: (sinceMs) => findPreempted(api, settings.project, sinceMs),
    signal,
    failurePauseMs: FAILURE_PAUSE_MS,
  };
}

/**
 * The peers whose Spot machine Google took away since then, in a sentence; `null` for none, and where this
 * account may not ask. https://cloud.google.com/compute/docs/instances/spot: preemptions are system operations
 * of the type compute.instances.preempted.
 */
export async function findPreempted(
  api: GoogleApi,
  project: string,
  sinceMs: number,
): Promise<string | null> {
  const filter = encodeURIComponent('operationType="compute.instances.preempted"');
  const url = `https://compute.googleapis.com/compute/v1/projects/${project}/aggregated/operations?filter=${filter}`;
  const answer = await api.get(url).catch(() => null);
  if (answer?.status !== 200) return null;
  const { items } = operationsSchema.parse(answer.json);
  const peers = Object.values(items)
    .flatMap(({ operations }) => operations)
    .filter(({ insertTime }) => Date.parse(insertTime) >= sinceMs)
    .flatMap(({ targetLink }) => /\/mpcomm-(peer-\d+)-[^/]+$/.exec(targetLink)?.[1] ?? []);
  const names = [...new Set(peers)].sort();
  if (names.length === 0) return null;
  return `Google took the Spot ${names.length === 1 ? 'machine' : 'machines'} of ${names.join(', ')} away`;
}
