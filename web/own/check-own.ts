import type { OrderingEntry } from '../../core/orderings/registry.ts';
import { findingOfObservations } from '../../diagram/finding.ts';
import { renderDiagram } from '../../diagram/render-diagram.ts';
import { CHECK_OPTIONS } from '../../simulation/check/check-scenario.ts';
import { checkSeeds, type Failing } from '../../simulation/check/check-seeds.ts';
import { shrinkFailing } from '../../simulation/check/shrink-failing.ts';
import { FAULT_CHOICES } from '../../simulation/check/draw-options.ts';
import { describeScenario } from '../../simulation/check/describe-scenario.ts';
import { EventRecorder } from '../../simulation/observers/event-recorder.ts';
import type { Choice } from '../../simulation/choices/choice.ts';
import { simulate } from '../../simulation/simulate.ts';
import { boardChoices } from '../board/board-choices.ts';
import { type BoardScenario, boardScenario } from '../board/board-scenario.ts';

/** What some schedules of a check came to. */
export interface CheckedShare {
  readonly seeds: number;
  /** The first schedule that broke something; `null` when none did. */
  readonly failing: Failing | null;
}

/** A counterexample, made as simple as could be found, ready to be shown. */
export interface ShownCounterexample {
  readonly name: string;
  readonly text: string;
  readonly seed: number;
  /** What the schedule is, a line each. */
  readonly scenario: readonly string[];
  /** The space-time diagram, an SVG document. */
  readonly svg: string;
  /** What it is played with on the board. */
  readonly setup: BoardScenario;
  /** The same on the board; `null` where it is too long for it. */
  readonly choices: readonly Choice[] | null;
}

const OPTIONS = { peersMax: 6, faults: FAULT_CHOICES } as const;

/** Runs the schedules of seeds `first` to `first + count - 1`, until one breaks what `entry` declares. */
export function checkShare(entry: OrderingEntry, first: number, count: number): CheckedShare {
  const { seeds, failing } = checkSeeds(entry, first, count, OPTIONS);
  return { seeds, failing };
}

/** Shrinks a failing schedule and draws what is left of it. */
export function showCounterexample(entry: OrderingEntry, failing: Failing): ShownCounterexample {
  const { scenario, findings } = shrinkFailing(entry, failing);
  const finding = findings[0] ?? failing.findings[0]!;
  const recorder = new EventRecorder(scenario.peers);
  simulate(entry.create, scenario, recorder, CHECK_OPTIONS);
  return {
    name: finding.name,
    text: finding.text,
    seed: failing.seed,
    scenario: describeScenario(scenario),
    svg: renderDiagram({
      logs: recorder.logs,
      clocks: 'one',
      peers: recorder.logs.map(() => ({ name: null, zone: null })),
      finding: findingOfObservations(finding.text, finding.observations),
      facts: [`breaks ${finding.name}`, `shrunk from the schedule of seed ${failing.seed}`],
    }),
    setup: boardScenario(scenario),
    choices: boardChoices(entry.create, scenario),
  };
}
