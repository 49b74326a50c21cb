import { setTimeout as sleep } from 'node:timers/promises';
import { openDashboard } from '../cli/dashboard/dashboard-command.ts';
import { PLAIN } from '../cli/shell/terminal.ts';
import { paths } from '../control/documents.ts';
import { startLaboratory } from '../local/laboratory.ts';

/** A laboratory with a dashboard for a script, which says nothing. */
export interface TrialDashboard {
  /** The address with its key. */
  readonly url: string;
  /** Makes a run, and gives its id once it was compared. */
  run(body: Readonly<Record<string, unknown>>): Promise<string>;
  close(): Promise<void>;
}

const LOOK_MS = 100;
const RUN_MS_MAX = 60_000;

/** Starts both; `state` is a folder for nothing else. */
export async function openTrialDashboard(state: string, peers: number): Promise<TrialDashboard> {
  const signal = new AbortController().signal;
  const silent = () => undefined;
  const status = { isTTY: false, columns: 80, write: silent };
  const terminal = { data: silent, note: silent, paint: PLAIN, status };
  const laboratory = await startLaboratory({
    backend: 'embedded',
    stateDirectory: state,
    peers,
    zones: null,
    loss: 0,
    onLog: silent,
    signal,
  });
  const places = { state, results: 'results', port: 0 };
  const dashboard = await openDashboard({ terminal, signal }, places);
  return {
    url: dashboard.url,
    run: async (body) => {
      const runId = await begin(laboratory.url, body);
      const untilMs = performance.now() + RUN_MS_MAX;
      const { store } = laboratory.backend;
      while ((await store.read(paths.comparison(runId))) === undefined) {
        if (performance.now() > untilMs) throw new Error(`run ${runId} has no comparison`);
        await sleep(LOOK_MS);
      }
      return runId;
    },
    close: async () => {
      await dashboard.close();
      await laboratory.stop();
    },
  };
}

async function begin(url: string, body: Readonly<Record<string, unknown>>): Promise<string> {
  const response = await fetch(`${url}/run`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return ((await response.json()) as { runId: string }).runId;
}
