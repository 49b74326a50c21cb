import { setTimeout as sleep } from 'node:timers/promises';
import { findLaboratory, refuseSecondLaboratory } from '../../local/laboratory-file.ts';
import { stateDirectoryAt, type StateDirectory } from '../../local/state-directory.ts';
import { openCloud } from '../site/open-cloud.ts';
import type { Context, SiteOptions, StayingOptions } from '../shell/context.ts';
import { EXIT, Failure } from '../shell/failure.ts';
import { checkOwnOrdering } from '../ordering/file-ordering.ts';
import { postExit } from '../site/functions-client.ts';
import { startNoted } from '../site/site.ts';
import { openDashboard, type OpenDashboard, tellAddress } from '../dashboard/dashboard-command.ts';
import { DASHBOARD_PORT, RESULTS_DEFAULT } from '../dashboard/dashboard-defaults.ts';
import { endProcess, tellToExit } from './tell-to-exit.ts';

/** Peers upload what they have before they end. */
const EXIT_MS_MAX = 30_000;

export interface UpOptions extends StayingOptions {
  /** Whether the page is served as well. */
  readonly dashboard?: boolean;
}

/** `mpcomm up`: stays until Ctrl-C or an exit command, which are both a proper end. */
export async function upCommand(context: Context, options: UpOptions): Promise<number> {
  // A file that is no ordering is refused here, with its reason, instead of by every process.
  await checkOwnOrdering(options.ordering);
  // So is a second laboratory, before it is said that one starts.
  await refuseSecondLaboratory(stateDirectoryAt(options.state));
  const laboratory = await startNoted(context, options, options.peers);
  for (const { peerId, zone } of laboratory.peers) context.terminal.note(`  ${peerId} in ${zone}`);
  context.terminal.note(
    'Try "npx mpcomm run 3 100" in another terminal, or "npx mpcomm dashboard" for the page. Ctrl-C ends it.',
  );
  context.terminal.data(laboratory.url);
  const dashboard = options.dashboard === true ? serveDashboard(context, options) : null;
  // Without the page that was asked for, the laboratory is not what was asked for either.
  const opened = await dashboard?.catch(async (error: unknown) => {
    await laboratory.stop();
    throw error;
  });
  const { how, message } = await laboratory.whenDown;
  await opened?.close();
  if (how === 'failed') throw new Failure(`the laboratory went down: ${message}`);
  context.terminal.note(`The laboratory is down: ${message}.`);
  return EXIT.done;
}

async function serveDashboard(context: Context, { state }: UpOptions): Promise<OpenDashboard> {
  const places = { state, port: DASHBOARD_PORT, results: RESULTS_DEFAULT };
  const dashboard = await openDashboard(context, places);
  tellAddress(context, dashboard);
  return dashboard;
}

/** `mpcomm exit`: tells the peers to end, and waits until their laboratory is down. */
export async function exitCommand(context: Context, options: SiteOptions): Promise<number> {
  if (options.backend === 'gcp') return exitCloud(context, options);
  return exitLocal(context, options);
}

/** In the cloud the machines stay: what ends is the daemon on each of them. */
async function exitCloud(context: Context, options: SiteOptions): Promise<number> {
  const { functions, backend } = await openCloud(context, options);
  try {
    await postExit(functions, context.signal);
    context.terminal.note(
      'The peers were told to end. "mpcomm doctor --backend gcp" shows whose heartbeat has stopped.',
    );
    return EXIT.done;
  } finally {
    await backend.close();
  }
}

async function exitLocal(context: Context, { state }: SiteOptions): Promise<number> {
  const directory = stateDirectoryAt(state);
  const record = await findLaboratory(directory);
  if (record === null) throw new Failure(`no laboratory is up in ${directory.path}`);
  if (record.url === null) throw new Failure('the laboratory is still starting; try again');
  await tellToExit(context, record);
  if (!(await isDown(context, directory, record.pid))) {
    const late = `The laboratory is still up ${EXIT_MS_MAX / 1_000} s after its peers were told to end`;
    context.terminal.note(`${late}: its process ${record.pid} is told by SIGTERM as well.`);
    endProcess(record.pid);
    if (!(await isDown(context, directory, record.pid))) {
      throw new Failure(
        `the laboratory (process ${record.pid}) does not end; see ${directory.path}/logs`,
      );
    }
  }
  context.terminal.note('The laboratory is down.');
  return EXIT.done;
}

/** Waits until the laboratory of that process is no longer up; false when that takes too long. */
async function isDown(
  { signal }: Context,
  directory: StateDirectory,
  pid: number,
): Promise<boolean> {
  const untilMs = performance.now() + EXIT_MS_MAX;
  while ((await findLaboratory(directory))?.pid === pid) {
    if (performance.now() > untilMs) return false;
    await sleep(100, undefined, { signal });
  }
  return true;
}
