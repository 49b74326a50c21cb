import { LIMITS } from '../../control/limits.ts';
import { ORDERING_DEFAULT, ORDERING_NAMES } from '../../core/orderings/registry.ts';
import { REGIONS, regionOf } from '../../network/network-model.ts';
import { PUBLISHED_ZONES, zonesForPeers } from '../../network/zones.ts';
import { readTypedNumber } from '../shared/typed-number.ts';
import type { Delay, Fault, Scenario } from '../../simulation/scenario.ts';

/** What somebody chose in the playground: numbers as they are read from the form, or from a link. */
export interface PlaygroundSettings {
  readonly ordering: string;
  /** The ordering that runs beside it under the same network and seed; empty: none does. */
  readonly against: string;
  readonly peers: number;
  readonly messages: number;
  readonly seed: number;
  /** Zones of the peers in their order, or a delay of this many milliseconds at most. */
  readonly network: 'zones' | 'uniform';
  readonly zones: readonly string[];
  readonly delayMsMax: number;
  readonly lossPercent: number;
  readonly repetitionPercent: number;
  readonly faults: readonly PlaygroundFault[];
}

/** One fault, as short as a link: member 2 crashes at 500 ms, or stops from 500 to 900 ms. */
export interface PlaygroundFault {
  readonly kind: 'crash' | 'pause' | 'cut';
  readonly member: number;
  readonly atMs: number;
  readonly untilMs: number;
}

export const PLAYGROUND_DEFAULTS: PlaygroundSettings = {
  ordering: ORDERING_DEFAULT,
  against: '',
  peers: 4,
  messages: 50,
  seed: 1,
  network: 'zones',
  zones: PUBLISHED_ZONES,
  delayMsMax: 100,
  lossPercent: 0,
  repetitionPercent: 0,
  faults: [],
};

/** What the form allows. More than a page can draw at a glance is for the command line. */
export const PLAYGROUND_LIMITS = {
  peers: { min: LIMITS.peersMin, max: 8 },
  messages: { min: 1, max: 200 },
  seed: { min: 0, max: 0xffff_ffff },
  delayMsMax: { min: 0, max: 1_000 },
  lossPercent: { min: 0, max: 50, hasParts: true },
  repetitionPercent: { min: 0, max: 50, hasParts: true },
  faultMs: { min: 0, max: 60_000 },
} as const;

export const FAULTS_MAX = 8;
const INTERVAL_US = { min: 10_000, max: 99_000 };
/** The time after the last multicast and the last fault, for what an ordering still has to recover. */
const RECOVERY_US = 60_000_000;

export type NumberField = Exclude<keyof typeof PLAYGROUND_LIMITS, 'faultMs'>;
const NUMBER_FIELDS = Object.keys(PLAYGROUND_LIMITS).filter(
  (name): name is NumberField => name !== 'faultMs',
);

/** The settings that a link holds; what it does not hold, or holds wrongly, is as by default. */
export function readPlayground(query: ReadonlyMap<string, string>): PlaygroundSettings {
  const numbers = Object.fromEntries(
    NUMBER_FIELDS.map((name) => [name, readNumber(name, query.get(name))]),
  ) as Record<NumberField, number>;
  return {
    ...numbers,
    ordering: oneOf(query.get('ordering'), ORDERING_NAMES) ?? ORDERING_DEFAULT,
    against: oneOf(query.get('against'), ORDERING_NAMES) ?? '',
    network: query.get('network') === 'uniform' ? 'uniform' : 'zones',
    zones: readZones(query.get('zones')),
    faults: readFaults(query.get('faults') ?? '', numbers.peers),
  };
}

/** What a link has to hold so that `readPlayground` gives these settings again. */
export function writePlayground(settings: PlaygroundSettings): Record<string, string> {
  const query: Record<string, string> = { ordering: settings.ordering, against: settings.against };
  for (const name of NUMBER_FIELDS) {
    if (settings[name] !== PLAYGROUND_DEFAULTS[name]) query[name] = String(settings[name]);
  }
  if (settings.network !== 'zones') query['network'] = settings.network;
  const zones = settings.zones.join(',');
  if (zones !== PUBLISHED_ZONES.join(',')) query['zones'] = zones;
  query['faults'] = settings.faults.map(formatFault).join(' ');
  return query;
}

/** `text` as a number within the limits of `field`; the nearest that is allowed, or the default. */
function readNumber(field: NumberField, text: string | undefined): number {
  return readTypedNumber(text ?? '', PLAYGROUND_DEFAULTS[field], PLAYGROUND_LIMITS[field]).value;
}

/** The scenario of the simulator that these settings mean. */
export function scenarioOf(settings: PlaygroundSettings): Scenario {
  const { peers, messages, seed } = settings;
  const faults = settings.faults
    .filter(({ member }) => member < peers)
    .map((fault) => toFault(fault, peers));
  const lastFaultMs = Math.max(0, ...settings.faults.map(({ untilMs }) => untilMs));
  return {
    peers,
    messages,
    payloadBytes: 0,
    intervalUs: INTERVAL_US,
    seed,
    network: {
      delay: toDelay(settings),
      loss: settings.lossPercent / 100,
      burst: 1,
      repetition: settings.repetitionPercent / 100,
      reordering: 0,
      reorderingUs: 0,
    },
    faults,
    endUs: lastFaultMs * 1_000 + messages * INTERVAL_US.max + RECOVERY_US,
  };
}

function toDelay({ network, peers, zones, delayMsMax }: PlaygroundSettings): Delay {
  if (network === 'uniform') return { kind: 'uniform', minUs: 0, maxUs: delayMsMax * 1_000 };
  return { kind: 'zones', zones: zonesForPeers(peers, zones), jitter: true };
}

function toFault({ kind, member, atMs, untilMs }: PlaygroundFault, peers: number): Fault {
  const atUs = atMs * 1_000;
  const untilUs = Math.max(atMs, untilMs) * 1_000;
  if (kind === 'crash') return { kind, member, atUs };
  if (kind === 'pause') return { kind, member, atUs, untilUs };
  const to = Array.from({ length: peers }, (_, each) => each).filter((each) => each !== member);
  return { kind: 'partition', from: [member], to, symmetric: true, atUs, untilUs };
}

function formatFault({ kind, member, atMs, untilMs }: PlaygroundFault): string {
  return kind === 'crash' ? `crash-${member}-${atMs}` : `${kind}-${member}-${atMs}-${untilMs}`;
}

function readFaults(text: string, peers: number): PlaygroundFault[] {
  return text
    .split(' ')
    .flatMap((each): PlaygroundFault[] => {
      const [, kind, member, at, until] =
        /^(crash|pause|cut)-(\d+)-(\d+)(?:-(\d+))?$/.exec(each) ?? [];
      if (kind === undefined || Number(member) >= peers) return [];
      const atMs = Math.min(Number(at), PLAYGROUND_LIMITS.faultMs.max);
      const untilMs = Math.min(Number(until ?? at), PLAYGROUND_LIMITS.faultMs.max);
      return [
        {
          kind: kind as PlaygroundFault['kind'],
          member: Number(member),
          atMs,
          untilMs: Math.max(atMs, untilMs),
        },
      ];
    })
    .slice(0, FAULTS_MAX);
}

/** The zones that the latency table knows; the published ones where none is left. */
function readZones(text: string | undefined): readonly string[] {
  const known = (text ?? '').split(',').filter((zone) => REGIONS.includes(regionOf(zone)));
  return known.length === 0 ? PUBLISHED_ZONES : known.slice(0, PLAYGROUND_LIMITS.peers.max);
}

function oneOf(text: string | undefined, names: readonly string[]): string | undefined {
  return names.find((name) => name === text);
}
