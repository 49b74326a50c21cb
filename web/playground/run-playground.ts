import type { Comparison } from '../../control/comparison-document.ts';
import { ORDERINGS } from '../../core/orderings/registry.ts';
import { findingOf, orderOf } from '../../diagram/finding.ts';
import { renderDiagram } from '../../diagram/render-diagram.ts';
import { EventRecorder } from '../../simulation/observers/event-recorder.ts';
import { simulatedComparison } from '../../simulation/simulated-comparison.ts';
import { simulate } from '../../simulation/simulate.ts';
import { shownCreate } from '../../simulation/choices/shown-create.ts';
import { describeBlockage } from '../../simulation/play/describe-blockage.ts';
import { markRounds, type DeliveredColumns } from '../shared/rounds-view.ts';
import { type Film, Filming } from './film.ts';
import { type PlaygroundSettings, scenarioOf } from './playground-settings.ts';

/** One run of the playground, judged and filmed. */
export interface PlayedRun {
  readonly ordering: string;
  readonly comparison: Comparison;
  readonly columns: readonly DeliveredColumns[];
  readonly marks: Uint8Array;
  readonly film: Film;
}

/** What one peer waits for, in words. */
export interface WaitingPeer {
  readonly peer: number;
  readonly text: string;
}

/** The most events of a run: more than any ordering needs for the largest scenario of the form. */
const EVENTS_MAX = 2_000_000;

/** Simulates, judges and films what the ordering called `name` makes of the scenario. */
export function runPlayground(settings: PlaygroundSettings, name: string): PlayedRun {
  const entry = ORDERINGS.get(name)!;
  const scenario = scenarioOf(settings);
  const filming = new Filming(settings.peers);
  const options = { eventsMax: EVENTS_MAX, measure: true };
  const result = simulate(shownCreate(entry), scenario, filming, options);
  const columns = result.members.map(({ sequence }) => ({
    senders: sequence.senders.slice(),
    sequences: sequence.sequences.slice(),
  }));
  return {
    ordering: name,
    comparison: simulatedComparison(entry, scenario, result),
    columns,
    marks: markRounds(columns, settings.peers * settings.messages),
    film: filming.film(),
  };
}

/**
 * What each peer's ordering waited for at `atUs`. The run is made again up to then, because an ordering
 * may be asked only when its run is over.
 */
export function waitingAt(settings: PlaygroundSettings, name: string, atUs: number): WaitingPeer[] {
  const entry = ORDERINGS.get(name)!;
  const scenario = { ...scenarioOf(settings), endUs: Math.max(1, Math.round(atUs)) };
  const { members } = simulate(shownCreate(entry), scenario, null, { eventsMax: EVENTS_MAX });
  return members.flatMap(({ blockage }, peer) => {
    return blockage === null ? [] : [{ peer, text: describeBlockage(blockage) }];
  });
}

/** The space-time diagram of one run of the playground: an SVG document. */
export function drawPlayground(settings: PlaygroundSettings, name: string): string {
  const entry = ORDERINGS.get(name)!;
  const scenario = scenarioOf(settings);
  const recorder = new EventRecorder(settings.peers);
  const options = { eventsMax: EVENTS_MAX, measure: true };
  const result = simulate(shownCreate(entry), scenario, recorder, options);
  const comparison = simulatedComparison(entry, scenario, result);
  const { delay } = scenario.network;
  return renderDiagram({
    logs: recorder.logs,
    peers: recorder.logs.map((_log, peer) => ({
      name: null,
      zone: delay.kind === 'zones' ? delay.zones[peer]! : null,
    })),
    clocks: 'one',
    finding: findingOf(comparison, recorder.logs.map(orderOf)),
    facts: [
      name,
      `${settings.peers} peers x ${settings.messages} messages`,
      `seed ${settings.seed}`,
    ],
  });
}

/** What of a run need not be copied when it is handed over: nobody else has it. */
export function buffersOf({ columns, marks, film }: PlayedRun): ArrayBuffer[] {
  const packets = Object.values(film.packets) as { readonly buffer: ArrayBuffer }[];
  const deliveries = columns.flatMap(({ senders, sequences }) => [senders, sequences]);
  return [...packets, ...deliveries, marks].map(({ buffer }) => buffer as ArrayBuffer);
}
