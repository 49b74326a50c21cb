import { ORDERING_DEFAULT } from '../../core/orderings/registry.ts';
import { INTERVAL_MS_DEFAULT } from '../../control/limits.ts';

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
    ...(fields.payloadBytes !== '' && { payloadBytes: toNumber(fields.payloadBytes) }),
    ...(fields.seed !== '' && { seed: toNumber(fields.seed) }),
    ...(fields.deadlineS !== '' && { deadlineMs: MS_A_SECOND * (toNumber(fields.deadlineS) ?? 0) }),
    ...(zones.length > 0 && { zones }),
    ...(record && { record }),
  };
}

/** `null`, which no field takes, for what is no number: the answer then says what is allowed. */
function toNumber(text: string): number | null {
  return text.trim() === '' || Number.isNaN(Number(text)) ? null : Number(text);
}

/** Which field of the form an error of the API is about. */
export function fieldOf(errorField: string): keyof RunFields | null {
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
