import type { Observation } from '../../core/judge/comparison.ts';
import type { FaultCounts, JudgedCounts, LargeCounts } from '../../simulation/check/check-seeds.ts';
import type { FindingName } from '../../simulation/check/finding.ts';
import type { Scenario } from '../../simulation/scenario.ts';
import { count, formatNumber, wrap } from '../render/table.ts';
import type { Paint } from '../shell/terminal.ts';
import { type HangingSteps, renderHangingSteps } from './hanging-steps.ts';
import { MEANINGS } from './meanings.ts';
import { renderShortSchedule, type ShortSchedule } from './shorten.ts';

/** What `mpcomm check --json` prints. */
export interface CheckReport {
  readonly ordering: string;
  readonly guarantees: readonly string[];
  readonly retransmits: boolean;
  /** `false` where it is not told what messages carry, so that no content was judged. */
  readonly handsOnPayloads: boolean;
  readonly survives: string;
  readonly peersMax: number;
  /** How many peers a large schedule has at most. */
  readonly peersLargeMax: number;
  readonly faults: readonly string[];
  /** How the schedules were chosen: `random`, `pct:3`, `coverage`. */
  readonly strategy: string;
  /**
   * The faults among these that were asked for by name and are in no schedule, since the ordering would never
   * see them.
   */
  readonly notDrawn: readonly string[];
  /** The first seed, and how many were asked for (of this shard). */
  readonly from: number;
  readonly seeds: number;
  /** How many were run: up to and with the failing one. */
  readonly checked: number;
  /** How often each fault had an effect, in all runs together. */
  readonly faultsHappened: FaultCounts;
  /** In how many runs each guarantee, progress and sorting could be judged; what is absent, in none. */
  readonly judged: JudgedCounts;
  /** How many of the schedules were large, and how many of those were cut short because they took too long. */
  readonly large: LargeCounts;
  readonly failure: CheckFailure | null;
}

export interface CheckFailure {
  readonly seed: number;
  /** A guarantee that the ordering declares, or failed, endless, liveness, sorting. */
  readonly broke: FindingName;
  readonly text: string;
  readonly observations: readonly Observation[];
  readonly alsoBroke: readonly FindingName[];
  /** The simplest schedule that was found, and the one of the seed. */
  readonly scenario: Scenario;
  readonly drawn: Scenario;
  readonly attempts: number;
  readonly story: string;
  /** `null` where it could not be saved. */
  readonly scenarioFile: string | null;
  /** Its space-time diagram; `null` where there is none, because the run does not end or nothing was saved. */
  readonly diagramFile: string | null;
  /** The command that shows it again. */
  readonly replay: string;
  /** The command that opens it to be played step by step; `null` where that shows something else. */
  readonly play: string | null;
  /** The same as single steps, as few as were found; `null` where it cannot be had so. */
  readonly short: Omit<ShortSchedule, 'svg'> | null;
  /**
   * The shortest schedule in which it does not come back from a call; `null` where none was found, and absent where it
   * breaks something else.
   */
  readonly hanging?: HangingSteps | null;
  /** The diagram of these steps; `null` where there is none. */
  readonly stepsDiagramFile: string | null;
}

export function renderCheck(report: CheckReport, paint: Paint): string {
  return report.failure === null
    ? renderPassed(report, paint)
    : renderFailure(report, report.failure, paint);
}

function renderPassed(report: CheckReport, paint: Paint): string {
  const { ordering, checked, peersMax, from, strategy } = report;
  const last = from + Math.max(0, checked - 1);
  return [
    `${paint.bold(ordering)}: ${paint.good('no counterexample')} in ` +
      `${count(checked, 'schedule')} of 2 to ${peersMax} peers (seeds ${from} to ${last}), strategy ${strategy}`,
    ...describeJudged(report).map((line) => wrap(line)),
    ...describeLarge(report).map((line) => wrap(line)),
    wrap(`faults that had an effect: ${describeFaults(report.faultsHappened)}`),
    ...describeNotDrawn(report).map((line) => wrap(line)),
  ].join('\n');
}

/** Names what was judged, in how many schedules; and what of it was judged in none, and why. */
function describeJudged(report: CheckReport): string[] {
  const { guarantees, judged, retransmits, handsOnPayloads } = report;
  const asked = [
    ...guarantees.map((name) => [name, judged[name as keyof JudgedCounts] ?? 0] as const),
    ...(retransmits ? [['progress once faults stop', judged.progress ?? 0] as const] : []),
    ['delivering as it goes', judged.sorting ?? 0] as const,
  ];
  const seen = asked.filter(([, runs]) => runs > 0);
  const unseen = asked.filter(([, runs]) => runs === 0).map(([name]) => name);
  const texts = seen.map(([name, runs]) => `${name} ${formatNumber(runs)}`);
  return [
    ...(texts.length === 0 ? [] : [`judged, in how many schedules: ${texts.join(', ')}`]),
    ...(unseen.length === 0
      ? []
      : [`not judged, since no schedule shows it: ${unseen.join(', ')}`]),
    ...(retransmits ? [] : ['not asked, since it does not send lost messages again: progress']),
    ...(handsOnPayloads
      ? []
      : [
          'not judged: what messages carry, which the program does not ask for ("payloads": true in ' +
            'its answer to init)',
        ]),
  ];
}

function describeLarge({ large, peersLargeMax }: CheckReport): string[] {
  const { schedules, interrupted } = large;
  if (schedules === 0) return [];
  const cut =
    interrupted === 0
      ? ''
      : `; ${formatNumber(interrupted)} of them took too long, and of these only what was delivered until ` +
        'then was judged';
  return [`large schedules of up to ${peersLargeMax} peers: ${formatNumber(schedules)}${cut}`];
}

function describeNotDrawn({ notDrawn }: CheckReport): string[] {
  if (notDrawn.length === 0) return [];
  return [
    `not drawn: ${notDrawn.join(', ')}, although asked for: the daemon drops repeated datagrams before an ` +
      'ordering sees them that does not retransmit (mpcomm simulate --repeat shows what it does with them)',
  ];
}

function renderFailure(report: CheckReport, failure: CheckFailure, paint: Paint): string {
  const { broke, text, alsoBroke, drawn, scenario, attempts, seed, story } = failure;
  const shrunk =
    attempts === 0
      ? `as drawn: ${sizeOf(scenario)}`
      : `shrunk in ${count(attempts, 'run')} from ${sizeOf(drawn)} to ${sizeOf(scenario)}`;
  return [
    `${paint.bold(report.ordering)} breaks ${paint.bad(broke)} (${MEANINGS[broke]})`,
    wrapFirst(text),
    wrap(
      `${describeWhere(report, seed)}; ${shrunk}` +
        (alsoBroke.length === 0 ? '' : `; it breaks ${alsoBroke.join(', ')} as well`),
    ),
    '',
    ...(story === '' ? [] : [story, '']),
    ...(failure.short === null ? [] : [...renderShortSchedule(failure.short), '']),
    ...(failure.hanging === undefined ? [] : [...renderHangingSteps(failure.hanging), '']),
    `Broken: ${broke}: ${text}`,
    `Replay: ${failure.replay}`,
    ...(failure.hanging?.replay == null
      ? []
      : [`Play, up to where it hangs: ${failure.hanging.replay}`]),
    ...(failure.play === null ? [] : [`Play: ${failure.play}`]),
    ...(failure.diagramFile === null ? [] : [`Picture: ${failure.diagramFile}`]),
    ...(failure.stepsDiagramFile === null
      ? []
      : [`Picture of the steps: ${failure.stepsDiagramFile}`]),
  ].join('\n');
}

function describeWhere({ checked, strategy }: CheckReport, seed: number): string {
  if (checked === 0) return `in the counterexample of an earlier check, that of seed ${seed}`;
  return `after ${count(checked, 'schedule')} (strategy ${strategy}), in that of seed ${seed}`;
}

/** Further lines, such as a program's last words, stay as they are. */
function wrapFirst(text: string): string {
  const [first, ...rest] = text.split('\n');
  return [wrap(first!), ...rest.map((line) => `  ${line}`)].join('\n');
}

/** Counts what happens to members and paths; what the network does to any packet is one thing more. */
function sizeOf({ peers, messages, faults, network }: Scenario): string {
  const isLossy = network.loss > 0 || network.repetition > 0 || network.reordering > 0;
  const happenings = faults.length === 0 ? [] : [count(faults.length, 'fault')];
  const all = isLossy ? [...happenings, 'a troubled network'] : happenings;
  const troubles = all.length === 0 ? 'no fault' : all.join(' and ');
  return `${count(peers, 'peer')} x ${count(messages, 'message')} with ${troubles}`;
}

function describeFaults(happened: FaultCounts): string {
  const parts = Object.entries(happened).flatMap(([kind, times]) =>
    times === 0 ? [] : [`${kind} ${formatNumber(times)}`],
  );
  return parts.length === 0 ? 'none' : parts.join(', ');
}
