import type { Comparison } from '../../control/comparison-document.ts';
import type { EventLog } from '../../core/records/event-log.ts';
import {
  type DiagramFinding,
  findingOf,
  findingOfObservations,
  orderOf,
} from '../../diagram/finding.ts';
import { renderDiagram, type DiagramInput } from '../../diagram/render-diagram.ts';
import { toShiviz } from '../../diagram/shiviz.ts';
import { buildTimeline } from '../../diagram/timeline.ts';
import type { Scenario } from '../../simulation/scenario.ts';
import type { Finding as CheckFinding } from '../../simulation/check/finding.ts';
import { Failure } from '../shell/failure.ts';
import { MEANINGS } from '../check/meanings.ts';
import { count } from './table.ts';
import type { Terminal } from '../shell/terminal.ts';
import { writeNamedFile } from '../shell/write-named-file.ts';
import { fromHere } from './from-here.ts';

/** Files that a command writes besides what it prints. */
export interface PictureOptions {
  /** A space-time diagram. */
  readonly svg?: string;
  /** A log for ShiViz. */
  readonly shiviz?: string;
}

/** Where the events of a run come from, and how much their times say. */
export interface Recording {
  readonly logs: readonly EventLog[];
  readonly clocks: DiagramInput['clocks'];
  readonly notes: readonly string[];
}

export function wantsPictures({ svg, shiviz }: PictureOptions): boolean {
  return svg !== undefined || shiviz !== undefined;
}

/** Writes what was asked for, and says so on standard error. Throws `Failure`. */
export async function writePictures(
  terminal: Terminal,
  options: PictureOptions,
  comparison: Comparison,
  recording: Recording,
): Promise<void> {
  const { svg, shiviz } = options;
  if (svg !== undefined) {
    await writeNamedFile(svg, drawRun(comparison, recording), '--svg');
    terminal.note(`Space-time diagram: ${fromHere(svg)}`);
  }
  if (shiviz === undefined) return;
  if (recording.clocks === 'none') throw new Failure(howToRecord(comparison.runId ?? 'it'));
  const timeline = buildTimeline(recording.logs, recording.clocks);
  const names = comparison.perPeer.map(({ peerId }) => peerId);
  const { text, events, leftOut } = toShiviz(timeline, names);
  await writeNamedFile(shiviz, text, '--shiviz');
  const left = leftOut === 0 ? '' : `, the first of ${count(events + leftOut, 'event')}`;
  terminal.note(
    `ShiViz log: ${fromHere(shiviz)} (${count(events, 'event')}${left}); open it at ` +
      'https://bestchai.bitbucket.io/shiviz/ or in a copy of ShiViz',
  );
}

export function howToRecord(runId: string): string {
  return (
    `run ${runId} was not recorded, so nothing is known of its messages; ` +
    'begin it again with "mpcomm run ... --record"'
  );
}

/** The diagram of a run, around what its comparison has to show. */
export function drawRun(comparison: Comparison, { logs, clocks, notes }: Recording): string {
  return renderDiagram({
    logs,
    clocks,
    notes,
    peers: comparison.perPeer.map(({ peer, peerId, zone }) => ({
      name: peerId === `peer-${peer}` ? null : peerId,
      zone,
    })),
    finding: findingOf(comparison, logs.map(orderOf)),
    facts: factsOf(comparison),
  });
}

const NETWORKS: Readonly<Record<Comparison['network'], string>> = {
  real: 'real network',
  emulated: 'real datagrams on one machine, emulated zones',
  simulated: 'simulated',
  unknown: 'unknown network',
};

function factsOf({ ordering, peers, messages, seed, network, runId }: Comparison): string[] {
  return [
    ordering ?? 'unknown ordering',
    `${count(peers, 'peer')} × ${count(messages, 'message')}`,
    ...(seed === null ? [] : [`seed ${seed}`]),
    NETWORKS[network],
    // A simulated run has no other identity than its scenario.
    ...(runId === null || network === 'simulated' ? [] : [`run ${runId}`]),
  ];
}

/** The diagram of a counterexample that `mpcomm check` found. */
export function drawCounterexample(
  ordering: string,
  seed: number,
  scenario: Scenario,
  finding: CheckFinding,
  logs: readonly EventLog[],
): string {
  const { peers, messages, network } = scenario;
  const zones = network.delay.kind === 'zones' ? network.delay.zones : [];
  const shown: DiagramFinding = findingOfObservations(finding.text, finding.observations);
  return renderDiagram({
    logs,
    clocks: 'one',
    peers: Array.from({ length: peers }, (_, peer) => ({ name: null, zone: zones[peer] ?? null })),
    finding: shown,
    facts: [
      `${ordering} breaks ${finding.name} (${MEANINGS[finding.name]})`,
      `${count(peers, 'peer')} × ${count(messages, 'message')}`,
      `simulated with seed ${scenario.seed}`,
      `shrunk from the schedule of seed ${seed}`,
    ],
  });
}
