import type { OrderingEntry } from '../../core/orderings/registry.ts';
import type { FindingName } from '../../simulation/check/finding.ts';
import { formatChoice } from '../../simulation/choices/choice.ts';
import { LATENESSES_US } from '../../simulation/choices/lateness.ts';
import { writeSchedule } from '../../simulation/choices/recorded-schedule.ts';
import type { TriedFewer } from '../../simulation/choices/shrink/search-for-fewer.ts';
import {
  SHRINK_CHOICES_LIMITS,
  shrinkChoices,
  type ShrinkChoicesLimits,
} from '../../simulation/choices/shrink/shrink-choices.ts';
import { isDivergence } from '../../simulation/choices/states/member-tree.ts';
import { shrinkOrDraw } from '../../simulation/exhaustive/shrink-or-draw.ts';
import { recordChoices, setupOfScenario } from '../../simulation/play/record-choices.ts';
import { recordSchedule, tellSteps } from '../../simulation/play/tell-steps.ts';
import type { Scenario } from '../../simulation/scenario.ts';
import { nameInSchedule, type OrderingSource } from '../ordering/ordering-source.ts';
import { drawSchedule } from './draw-schedule.ts';
import { count, formatNumber, wrap } from '../render/table.ts';

/** A counterexample as single steps, as few as were found. */
export interface ShortSchedule {
  readonly peers: number;
  readonly messages: number;
  /** In the form of a file (docs/play.md). */
  readonly choices: readonly string[];
  /** The same in words, with what came of each. */
  readonly steps: readonly string[];
  /** How many steps the timed run has. */
  readonly stepsTimed: number;
  /** Which schedules of fewer steps of these kinds were tried. */
  readonly tried: TriedFewer;
  /** Whether it is over channels that lose nothing and keep their order, without the reliable link. */
  readonly isPlain: boolean;
  /** What it breaks, in a sentence. */
  readonly text: string;
  /** The text of its file. */
  readonly file: string;
  /** Its space-time diagram. */
  readonly svg: string;
}

/** A program takes a hundred times as long for each step. */
const PROGRAM_LIMITS: ShrinkChoicesLimits = { stepsMax: 20_000, searchStepsMax: 0 };
const STEPS_SHOWN_MAX = 30;

export interface Shortened {
  /** `null` where it cannot be had as steps. */
  readonly short: ShortSchedule | null;
  /** Whether the same steps did not come out the same again. */
  readonly isDiverging: boolean;
}

/** Shrinks a counterexample that has times to the steps that it needs. */
export function shortenByChoices(
  entry: OrderingEntry,
  source: OrderingSource,
  scenario: Scenario,
  name: FindingName,
): Shortened {
  try {
    return { short: shortened(entry, source, scenario, name), isDiverging: false };
  } catch (error) {
    if (!isDivergence(error)) throw error;
    return { short: null, isDiverging: true };
  }
}

/**
 * The steps that are left; `null` where it cannot be had as steps, because it
 * is about times (as `sorting` is), or a game cannot repeat it.
 */
function shortened(
  entry: OrderingEntry,
  source: OrderingSource,
  scenario: Scenario,
  name: FindingName,
): ShortSchedule | null {
  const timedSetup = setupOfScenario(entry, scenario);
  const { choices: timed } = recordChoices(entry.create, scenario, timedSetup);
  const limits = 'exec' in source ? PROGRAM_LIMITS : SHRINK_CHOICES_LIMITS;
  const shrink = 'exec' in source ? shrinkChoices : shrinkOrDraw;
  const shrunk = shrink(entry, timedSetup, timed, name, limits);
  if (shrunk === null) return null;
  const { setup, choices, tried, finding } = shrunk;
  const { text } = finding;
  const ordering = nameInSchedule(source);
  return {
    peers: setup.peers,
    messages: setup.messages,
    choices: choices.map(formatChoice),
    steps: tellSteps(entry, setup, choices),
    stepsTimed: timed.length,
    tried,
    isPlain: setup.channels === 'reliable',
    text,
    file: writeSchedule({ ordering, setup, choices, broke: name, text }),
    svg: drawSchedule(
      entry.name,
      { scope: setup, choices, finding },
      recordSchedule(entry, setup, choices),
    ),
  };
}

const LATE = LATENESSES_US.map((us) => `${formatNumber(us / 1e6)} s`).join(' or ');

/** What is known of schedules of fewer steps. */
function describeTried({ tried, choices }: Pick<ShortSchedule, 'tried' | 'choices'>): string {
  if (tried === 'some') return 'fewer may do, not all were tried';
  const none = 'no schedule of fewer steps of these kinds breaks it';
  if (!choices.some((choice) => choice.startsWith('fire'))) return `${none}: all were tried`;
  return tried === 'deadlinesLate'
    ? `${none}: all were tried, with each deadline kept to the instant, or ${LATE} late`
    : `${none} as long as deadlines are kept to the instant: all were tried; with late ones fewer may do`;
}

/** The steps, for a person. */
export function renderShortSchedule(schedule: Omit<ShortSchedule, 'svg'>): string[] {
  const { steps, stepsTimed, peers, messages, isPlain, text } = schedule;
  const scope = `${count(peers, 'peer')} x ${count(messages, 'message')}`;
  const channels = isPlain ? ' over channels that lose nothing and keep their order' : '';
  const head =
    `In ${count(steps.length, 'step')} of ${scope}${channels}, if any of them may take its time ` +
    `(the run above has ${stepsTimed}; ${describeTried(schedule)}):`;
  const shown = steps.slice(0, STEPS_SHOWN_MAX);
  const left = steps.length - shown.length;
  return [
    wrap(head, ''),
    ...shown.map((step, index) => `${String(index + 1).padStart(3)}. ${firstLine(step)}`),
    ...(left > 0 ? [`     ... and ${left} more`] : []),
    wrap(`so: ${firstLine(text)}`, '     '),
  ];
}

/** Where an ordering threw, the finding above says the rest: calls, hints, what a program wrote. */
function firstLine(text: string): string {
  return text.split('\n', 1)[0]!;
}
