import type { Context } from '../../shell/context.ts';
import { followRun, readPlan } from '../../run/follow-run.ts';
import { postRun } from '../../site/functions-client.ts';
import { startSite } from '../../site/site.ts';
import type { GridOptions } from '../grid-request.ts';
import type { GridSite } from '../measure-grid.ts';
import type { GridParameters } from '../parameters.ts';

const FAILURE_PAUSE_MS = 2_000;

/** Where a grid is measured, until it is closed. */
export interface OpenGridSite {
  readonly site: GridSite;
  close(): Promise<void>;
}

/** Starts a laboratory on this machine, or opens the one that is deployed in a project. */
export async function openGridSite(
  context: Context,
  options: GridOptions,
  parameters: GridParameters,
): Promise<OpenGridSite> {
  if (parameters.backend === 'gcp') return openInCloud(context, options);
  const peers = Math.max(...parameters.measured.peers);
  const site = await startSite(
    context,
    {
      state: options.state,
      backend: parameters.backend === 'emulators' ? 'emulators' : 'embedded',
      zones: parameters.zones[peers]!,
      loss: parameters.network.loss,
    },
    peers,
  );
  const { url, store, signal } = site;
  return {
    site: {
      run: async (body, show) => {
        const plan = await readPlan(store, await postRun(url, body, signal));
        return followRun(site, plan, show, signal);
      },
      signal,
      failurePauseMs: FAILURE_PAUSE_MS,
    },
    close: () => site.close(),
  };
}

async function openInCloud(context: Context, options: GridOptions): Promise<OpenGridSite> {
  const [{ openCloud }, { createCloudGridSite }] = await Promise.all([
    import('../../site/open-cloud.ts'),
    import('./cloud-grid-site.ts'),
  ]);
  const cloud = await openCloud(context, options);
  const { settings, identity, backend } = cloud;
  context.terminal.note(
    `Using the laboratory in project ${settings.project} (${settings.region}), as ${identity.description}.`,
  );
  const note = context.terminal.note.bind(context.terminal);
  return {
    site: createCloudGridSite(cloud, { signal: context.signal, note }),
    close: () => backend.close(),
  };
}
