import { ORDERING_DEFAULT, ORDERING_NAMES } from '../../core/orderings/registry.ts';
import { INTERVAL_MS_DEFAULT } from '../../control/limits.ts';
import type { CloudOptions } from '../site/cloud-options.ts';
import type { Interval } from './cells.ts';
import type { GridRequest } from './create-parameters.ts';
import type { GridParameters } from './parameters.ts';

/** What was typed; `undefined` where nothing was. */
export interface GridOptions extends CloudOptions {
  readonly orderings?: readonly string[];
  readonly peers?: readonly number[];
  readonly messages?: readonly number[];
  readonly intervals?: readonly Interval[];
  readonly runs?: number;
  readonly seed?: number;
  readonly loss?: number;
  readonly zones?: readonly string[];
  readonly backend?: 'embedded' | 'emulators' | 'gcp';
  readonly note?: string;
  readonly name: string;
  readonly out: string;
  readonly state: string;
  readonly resume?: string;
  readonly summarise?: string;
  /** Another grid's folder, to be drawn beside this one. */
  readonly beside?: string;
}

/** The published experiment. */
export const GRID_DEFAULTS = {
  orderings: [ORDERING_DEFAULT],
  peers: [2, 3, 4, 6, 8],
  messages: [10, 50, 100],
  intervalsMs: [INTERVAL_MS_DEFAULT],
  runs: 10,
  seed: 1,
  loss: 0,
  backend: 'embedded',
} as const;

/** How many failed runs in one go make a cell give up. */
const FAILURES_MAX = 5;

/** The word for every ordering of the registry. */
export const ALL = 'all';

/** What was typed over `base`, which is a begun grid's parameters, or the defaults where there is none. */
export function requestOf(options: GridOptions, base: GridParameters | null): GridRequest {
  const measured = base?.measured ?? GRID_DEFAULTS;
  const { orderings } = options;
  return {
    name: base?.name ?? options.name,
    orderings: orderings?.includes(ALL) ? ORDERING_NAMES : (orderings ?? measured.orderings),
    peers: options.peers ?? measured.peers,
    messages: options.messages ?? measured.messages,
    intervalsMs: options.intervals ?? measured.intervalsMs,
    runs: options.runs ?? measured.runs,
    failuresMax: base?.measured.failuresMax ?? FAILURES_MAX,
    seed: options.seed ?? measured.seed,
    backend: options.backend ?? base?.backend ?? GRID_DEFAULTS.backend,
    loss: options.loss ?? base?.network.loss ?? GRID_DEFAULTS.loss,
    zones: options.zones ?? zonesOf(base),
    note: options.note ?? base?.note ?? '',
  };
}

/** The zones of the most peers: fewer peers take the first of them. */
function zonesOf(base: GridParameters | null): readonly string[] | null {
  if (base === null) return null;
  return base.zones[Math.max(...base.measured.peers)] ?? null;
}
