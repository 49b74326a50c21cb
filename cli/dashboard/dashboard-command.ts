import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { findLaboratory } from '../../local/laboratory-file.ts';
import type { Laboratory } from '../../local/laboratory.ts';
import { stateDirectoryAt } from '../../local/state-directory.ts';
import { checkOwnOrdering } from '../ordering/file-ordering.ts';
import type { Context, StayingOptions } from '../shell/context.ts';
import { EXIT, Failure } from '../shell/failure.ts';
import { refuseLocalOptions } from '../site/open-cloud.ts';
import { checkJoinable, isStarted } from '../site/find-started.ts';
import { startNoted } from '../site/site.ts';
import { buildWeb } from './build-web.ts';
import { createDashboardServer } from './dashboard-server.ts';
import { DashboardSource } from './dashboard-source.ts';
import { EventStreams } from './event-stream.ts';
import { HOST, listenNear } from './listen-near.ts';
import { MeasuredGrid, type MeasuredGridPlaces } from './measured-grid.ts';
import { PageFiles } from './page-response.ts';
import { StatusReader } from './read-status.ts';
import { RunSummaries } from './run-summaries.ts';
import { LaboratoryWatch } from './watch-laboratory.ts';

export interface DashboardOptions extends StayingOptions {
  readonly port: number;
  /** The folder in which grids lie. */
  readonly results: string;
}

const ROOT = resolve(import.meta.dirname, '../..');
/**
 * The folder of the state directory for the laboratory of a grid, which is not the one that the page shows.
 */
const GRID_STATE = 'grid';

/** A dashboard that serves its page. */
export interface OpenDashboard {
  /** The address with its key, to be opened in a browser. */
  readonly url: string;
  close(): Promise<void>;
}

/** `mpcomm dashboard`: stays until Ctrl-C, or until the laboratory that it started goes down. */
export async function dashboardCommand(
  context: Context,
  options: DashboardOptions,
): Promise<number> {
  await checkOwnOrdering(options.ordering);
  const laboratory = await ensureLaboratory(context, options);
  const dashboard = await openDashboard(context, options);
  try {
    tellAddress(context, dashboard);
    const end = await Promise.race([interruption(context), laboratory?.whenDown ?? forEver()]);
    if (end?.how === 'failed') throw new Failure(`the laboratory went down: ${end.message}`);
    return EXIT.done;
  } finally {
    await dashboard.close();
    await laboratory?.stop();
  }
}

/** Says where the dashboard is: the address as data, so that a script can open it. */
export function tellAddress({ terminal }: Context, { url }: OpenDashboard): void {
  terminal.note('The dashboard is at this address, which ends with its key. Ctrl-C ends it.');
  terminal.data(url);
}

/** Joins the laboratory that is up; starts one where there is none. */
async function ensureLaboratory(
  context: Context,
  options: DashboardOptions,
): Promise<Laboratory | null> {
  if (options.backend === 'gcp') {
    refuseLocalOptions(options);
    return null;
  }
  const record = await findLaboratory(stateDirectoryAt(options.state));
  if (record === null) return startNoted(context, options, options.peers);
  if (isStarted(record)) checkJoinable(options, record);
  context.terminal.note(`Looking at the laboratory that is up (process ${record.pid}).`);
  return null;
}

/** Serves the page with what is behind it. Throws `Failure` when the page cannot be built or served. */
export async function openDashboard(
  context: Context,
  options: Omit<DashboardOptions, 'peers'>,
): Promise<OpenDashboard> {
  const source = new DashboardSource(context, options);
  const summaries = new RunSummaries();
  const results = resolve(options.results);
  const grid = new MeasuredGrid(context, placesOfGrids(options));
  const watch = new LaboratoryWatch(new StatusReader(source, summaries, () => grid.progress));
  const streams = new EventStreams(watch);
  const key = randomBytes(24).toString('base64url');
  const server = createDashboardServer({
    parts: { source, summaries, streams, grid, results },
    page: new PageFiles(await buildWeb(ROOT)),
    key,
    note: (text) => context.terminal.note(`dashboard: ${text}`),
  });
  const port = await listenNear(server, options.port);
  if (options.port !== 0 && port !== options.port) {
    context.terminal.note(`Port ${options.port} is taken, so the dashboard has port ${port}.`);
  }
  return {
    url: `http://${HOST}:${port}/#/laboratory?key=${key}`,
    close: async () => {
      streams.close();
      watch.close();
      server.close();
      server.closeAllConnections();
      await grid.stop();
      await source.close();
    },
  };
}

/**
 * Where grids are measured, field by field: the options of the command are those of its own laboratory as well, whose
 * `peers`, `zones` and `loss` are none of a grid's.
 */
function placesOfGrids(options: Omit<DashboardOptions, 'peers'>): MeasuredGridPlaces {
  const { backend, project, region, runUrl, exitUrl, impersonate } = options;
  return {
    results: resolve(options.results),
    state: join(options.state, GRID_STATE),
    ...(backend !== undefined && { backend }),
    ...(project !== undefined && { project }),
    ...(region !== undefined && { region }),
    ...(runUrl !== undefined && { runUrl }),
    ...(exitUrl !== undefined && { exitUrl }),
    ...(impersonate !== undefined && { impersonate }),
  };
}

async function interruption({ signal }: Context): Promise<never> {
  await new Promise<void>((end) => {
    if (signal.aborted) end();
    signal.addEventListener('abort', () => end(), { once: true });
  });
  throw signal.reason;
}

function forEver(): Promise<null> {
  return new Promise(() => undefined);
}
