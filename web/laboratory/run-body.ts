import { ORDERING_DEFAULT } from '../../core/orderings/registry.ts';
import { INTERVAL_MS_DEFAULT } from '../../control/limits.ts';
import type { FieldProblem } from './dashboard-client.ts';

/** What stands in the form, as it was typed. */
export interface RunFields {
  readonly peers: string;
  readonly messages: string;
  readonly ordering: string;
  readonly intervalMin: string;
  readonly intervalMax: string;
  readonly workload: string;
  readonly payloadBytes: string;
  readonly seed: string;
  readonly deadlineS: string;
  readonly zones: string;
  readonly record: boolean;
}

export const RUN_FIELDS_DEFAULT: RunFields = {
  peers: '4',
  messages: '50',
  ordering: ORDERING_DEFAULT,
  intervalMin: String(INTERVAL_MS_DEFAULT.min),
  intervalMax: String(INTERVAL_MS_DEFAULT.max),
  workload: 'none',
  payloadBytes: '',
  seed: '',
  deadlineS: '',
  zones: '',
  record: true,
};

const MS_A_SECOND = 1_000;

/** The JSON body of the request; what was left empty is left to the laboratory. It is checked there, not here. */
export function toRunBody(fields: RunFields): Record<string, unknown> {
  const { ordering, workload, record } = fields;
  const zones = fields.zones.split(/[\s,]+/).filter(Boolean);
  return {
    peers: toNumber(fields.peers),
    messages: toNumber(fields.messages),
    ordering,
    intervalMs: { min: toNumber(fields.intervalMin), max: toNumber(fields.intervalMax) },
    workload,
    ...(isTyped(fields.payloadBytes) && { payloadBytes: toNumber(fields.payloadBytes) }),
    ...(isTyped(fields.seed) && { seed: toNumber(fields.seed) }),
    ...(isTyped(fields.deadlineS) && { deadlineMs: toNumber(fields.deadlineS, MS_A_SECOND) }),
    ...(zones.length > 0 && { zones }),
    ...(record && { record }),
  };
}

function isTyped(text: string): boolean {
  return text.trim() !== '';
}

/** `null`, which no field takes, for what is no number: the answer then says what is allowed. */
function toNumber(text: string, factor = 1): number | null {
  const value = factor * Number(text);
  return isTyped(text) && Number.isFinite(value) ? value : null;
}

/** What the API objects to in `field`, in the words of whoever filled in the form; `null` for nothing. */
export function wordsAbout(
  field: keyof RunFields,
  fields: RunFields,
  problems: readonly FieldProblem[],
): string | null {
  const found = problems.find((each) => fieldOf(each.field) === field);
  if (found === undefined) return null;
  const inSeconds = found.allowed
    .replace('an integer', 'a number')
    .replace(/\d+/g, (ms) => String(Number(ms) / MS_A_SECOND));
  const isSeconds = field === 'deadlineS';
  // A field is sent as a number, which is neither what was typed nor always in its unit.
  const isChanged = isSeconds || found.problem.startsWith('null ');
  const typed = isTyped(String(fields[field])) ? `"${fields[field]}"` : 'nothing';
  const problem = isChanged ? `${typed} is not allowed` : found.problem;
  return `${problem}; allowed is ${isSeconds ? inSeconds : found.allowed}`;
}

/** Which field of the form an error of the API is about. */
function fieldOf(errorField: string): keyof RunFields | null {
  const names: Readonly<Record<string, keyof RunFields>> = {
    'intervalMs.min': 'intervalMin',
    'intervalMs.max': 'intervalMax',
    intervalMs: 'intervalMax',
    deadlineMs: 'deadlineS',
  };
  const first = errorField.split('.')[0] ?? '';
  const named = names[errorField] ?? first;
  return named in RUN_FIELDS_DEFAULT ? (named as keyof RunFields) : null;
}
