import { WORKLOADS } from '../../control/workload.ts';
import { validateScenario } from '../run/validate-scenario.ts';
import { type Choice, formatChoice, parseChoice } from './choice.ts';
import { type ChosenSetup, chosenScenario } from './chosen-setup.ts';

/** A chosen run as it is kept in a file: what it was played with, and each of its steps. */
export interface RecordedSchedule {
  /** The ordering's name; `''` where the file does not say, and whoever opens it has to. */
  readonly ordering: string;
  readonly setup: ChosenSetup;
  readonly choices: readonly Choice[];
  /**
   * What it broke, such as `total`, and a sentence that says how; absent where that is not known, or nothing
   * was broken.
   */
  readonly broke?: string;
  readonly text?: string;
}

/** The version of the form: a file with another one is refused. */
const FORM = 1;
const NUMBERS = ['peers', 'messages', 'payloadBytes', 'seed'] as const;
const KEYS = [
  ...['schedule', 'ordering', ...NUMBERS, 'workload', 'packs', 'channels'],
  ...['broke', 'text', 'choices'],
];
/** The most steps of a file: more than in any schedule that somebody played or shrank. */
const CHOICES_MAX = 1_000_000;

/** JSON, a choice a line. */
export function writeSchedule(schedule: RecordedSchedule): string {
  const { ordering, setup, choices, broke, text } = schedule;
  const head = { schedule: FORM, ordering, ...setup, broke, text };
  const whole = { ...head, choices: choices.map(formatChoice) };
  return `${JSON.stringify(whole, null, 2)}\n`;
}

/** Whether a file is meant to be a schedule, and not a scenario or anything else, as far as JSON shows it. */
export function isSchedule(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'choices' in value;
}

/**
 * Reads what `writeSchedule` wrote. Whether the choices are possible is found out by whoever plays them.
 * @throws RangeError that says what is wrong, and what is allowed.
 */
export function readSchedule(text: string): RecordedSchedule {
  const value = parseObject(text);
  const unknown = Object.keys(value).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) {
    throw new RangeError(`"${unknown}" means nothing in a schedule; allowed: ${KEYS.join(', ')}`);
  }
  const { schedule: form = FORM, ordering = '', broke, text: told } = value;
  if (form !== FORM) {
    throw new RangeError(`"schedule" is ${JSON.stringify(form)}; this version reads form ${FORM}`);
  }
  return {
    ordering: requireText('ordering', ordering),
    setup: readSetup(value),
    choices: readChoices(value['choices']),
    ...(broke === undefined ? {} : { broke: requireText('broke', broke) }),
    ...(told === undefined ? {} : { text: requireText('text', told) }),
  };
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new RangeError(`it is no JSON: ${why}`, { cause: error });
  }
  if (!isSchedule(value)) {
    throw new RangeError(
      'it has no "choices"; a schedule is an object with at least peers, messages and choices',
    );
  }
  return value as Readonly<Record<string, unknown>>;
}

function readSetup(value: Readonly<Record<string, unknown>>): ChosenSetup {
  const { workload, packs, channels } = value;
  for (const name of ['peers', 'messages']) {
    if (typeof value[name] !== 'number') throw new RangeError(`"${name}" is missing, or no number`);
  }
  const given = NUMBERS.filter((name) => value[name] !== undefined);
  const wrong = given.find((name) => typeof value[name] !== 'number');
  if (wrong !== undefined) throw new RangeError(`"${wrong}" is no number`);
  if (packs !== undefined && typeof packs !== 'boolean') {
    throw new RangeError('"packs" is neither true nor false');
  }
  if (channels !== undefined && channels !== 'reliable') {
    throw new RangeError('"channels" is not "reliable"; leave it out for datagrams');
  }
  const known = WORKLOADS.find((name) => name === workload);
  if (workload !== undefined && known === undefined) {
    throw new RangeError(`"workload" is none of ${WORKLOADS.join(', ')}`);
  }
  const setup: ChosenSetup = {
    ...(Object.fromEntries(given.map((name) => [name, value[name]])) as unknown as ChosenSetup),
    ...(known === undefined ? {} : { workload: known }),
    ...(packs === undefined ? {} : { packs }),
    ...(channels === undefined ? {} : { channels }),
  };
  validateScenario(chosenScenario(setup));
  return setup;
}

function readChoices(value: unknown): Choice[] {
  if (!Array.isArray(value)) throw new RangeError('"choices" is no list');
  if (value.length > CHOICES_MAX) {
    throw new RangeError(`it has ${value.length} choices; allowed are ${CHOICES_MAX}`);
  }
  return value.map((each: unknown, index) => {
    if (typeof each !== 'string') throw new RangeError(`choice ${index + 1} is no text`);
    return parseChoice(each);
  });
}

function requireText(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw new RangeError(`"${name}" is no text`);
}
