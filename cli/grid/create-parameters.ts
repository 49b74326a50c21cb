import { parseRunRequest } from '../../control/runs/run-request.ts';
import { zonesForPeers } from '../../network/zones.ts';
import { Failure } from '../shell/failure.ts';
import { bodyOfRun, expandCells, nameCell, seedOfRun, type GridAxes } from './cells.ts';
import type { GridParameters } from './parameters.ts';
import { OMITTED } from './records.ts';

/** What a user may say of a grid, with the defaults filled in. */
export interface GridRequest extends GridAxes {
  readonly name: string;
  readonly runs: number;
  readonly failuresMax: number;
  readonly seed: number;
  readonly backend: string;
  readonly loss: number;
  /** `null` for the published ones. */
  readonly zones: readonly string[] | null;
  readonly note: string;
}

/** The most runs of a grid: more is a mistake in an option, as each takes seconds. */
const RUNS_MAX = 100_000;
const DELAYS =
  'emulated: mean one-way times between regions as in network/latency-table.ts, with jitter, ' +
  'drawn from the seed of each run';

/** What lies between the peers: distances that are emulated, or those between Google's zones. */
function networkOf({ backend, loss }: GridRequest): GridParameters['network'] {
  if (backend !== 'gcp') return { kind: 'emulated', loss, delays: DELAYS };
  if (loss === 0)
    return { kind: 'real', loss, delays: "those of Google's network between the zones" };
  throw new Failure('--loss is for a grid on this machine: the cloud loses what it loses');
}

/** Writes a request out in full. Throws `Failure` when one of its runs would be refused. */
export function createParameters(
  request: GridRequest,
  environment: Pick<GridParameters, 'project' | 'versions' | 'machine'>,
  createdAt: string,
): GridParameters {
  const { runs, seed } = request;
  const zones = Object.fromEntries(
    request.peers.map((size) => [String(size), zonesForPeers(size, request.zones)]),
  );
  const cells = expandCells(request).map((cell) => {
    // The last seed is the greatest: what is allowed for it is allowed for all.
    const body = { ...bodyOfRun(cell, seedOfRun(seed, runs - 1), zones[cell.peers]!) };
    const parsed = parseRunRequest(body);
    if (parsed.valid) return { ...cell, deadlineMs: parsed.request.deadlineMs };
    const errors = parsed.errors.map((e) => `${e.field}: ${e.problem}; allowed: ${e.allowed}`);
    throw new Failure(`${nameCell(cell)} cannot be asked for:\n  ${errors.join('\n  ')}`);
  });
  if (cells.length * runs > RUNS_MAX) {
    throw new Failure(`${cells.length} cells x ${runs} runs are more than ${RUNS_MAX} runs`);
  }
  return {
    schemaVersion: 1,
    name: request.name,
    command: commandOf(request),
    createdAt,
    note: request.note,
    measured: {
      orderings: [...request.orderings],
      peers: [...request.peers],
      messages: [...request.messages],
      intervalsMs: request.intervalsMs.map(({ min, max }) => ({ min, max })),
      payloadBytes: 0,
      runs,
      failuresMax: request.failuresMax,
      seed,
    },
    backend: request.backend,
    network: networkOf(request),
    zones,
    seeds: Array.from({ length: runs }, (_, run) => seedOfRun(seed, run)),
    cells,
    project: environment.project,
    versions: environment.versions,
    machine: environment.machine,
    omitted: [...OMITTED],
  };
}

/** The command line that makes such a grid, every option written out. */
function commandOf(request: GridRequest): string {
  const intervals = request.intervalsMs.map(({ min, max }) => `${min}-${max}`);
  const words = [
    ['--name', request.name],
    ['--orderings', request.orderings.join(',')],
    ['--peers', request.peers.join(',')],
    ['--messages', request.messages.join(',')],
    ['--intervals', intervals.join(',')],
    ['--runs', String(request.runs)],
    ['--seed', String(request.seed)],
    ['--loss', String(request.loss)],
    ['--backend', request.backend],
    ...(request.zones === null ? [] : [['--zones', request.zones.join(',')]]),
    ...(request.note === '' ? [] : [['--note', JSON.stringify(request.note)]]),
  ];
  return ['npx mpcomm grid', ...words.map((pair) => pair.join(' '))].join(' ');
}
