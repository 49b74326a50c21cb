import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useId, useState } from 'preact/hooks';
import { WORKLOADS } from '../../control/workload.ts';
import { ORDERING_NAMES } from '../../core/orderings/registry.ts';
import { formatRoute } from '../routing/route.ts';
import { DashboardError, type FieldProblem, sendDocument } from './dashboard-client.ts';
import { liveStatus } from './live-status.ts';
import { RUN_FIELDS_DEFAULT, type RunFields, toRunBody, wordsAbout } from './run-body.ts';
import { useTypedCheck } from './use-typed-check.ts';

/** What the API would object to. */
interface RunCheck {
  readonly errors: readonly FieldProblem[];
}

/** What is typed outlasts a look at another page. */
const typedRun = signal(RUN_FIELDS_DEFAULT);

/** Begins a run. What is typed is checked by the API itself, with the schema that a run has to pass. */
export function RunForm(): JSX.Element {
  const fields = typedRun.value;
  const [refusal, setRefusal] = useState('');
  const [isAsking, setAsking] = useState(false);
  const check = useTypedCheck(fields, checkRun);
  const problems = check?.errors ?? [];
  const change = (changed: Partial<RunFields>): void => {
    typedRun.value = { ...fields, ...changed };
  };
  const begin = async (): Promise<void> => {
    setRefusal('');
    setAsking(true);
    try {
      const { runId } = await sendDocument<{ runId: string }>('runs', toRunBody(fields));
      location.hash = formatRoute('laboratory', { run: runId });
    } catch (error) {
      setRefusal(error instanceof DashboardError ? error.message : String(error));
    } finally {
      setAsking(false);
    }
  };
  return (
    <form
      aria-label="A new run"
      onSubmit={(event) => {
        event.preventDefault();
        void begin();
      }}
    >
      <Fields fields={fields} problems={problems} onChange={change} />
      <p>
        <button type="submit" class="primary" disabled={isAsking || problems.length > 0}>
          Begin the run
        </button>{' '}
        <span role="status">{isAsking ? 'The laboratory is being asked ...' : ''}</span>
      </p>
      {refusal === '' ? null : <p role="alert">{refusal}</p>}
    </form>
  );
}

function checkRun(fields: RunFields): Promise<RunCheck> {
  return sendDocument('check-run', toRunBody(fields));
}

interface FieldsProps {
  readonly fields: RunFields;
  readonly problems: readonly FieldProblem[];
  readonly onChange: (changed: Partial<RunFields>) => void;
}

function Fields({ fields, problems, onChange }: FieldsProps): JSX.Element {
  const known = liveStatus.value?.orderings ?? [];
  const orderings = known.length === 0 ? ORDERING_NAMES : known;
  const text = (name: TextFieldName, label: string): JSX.Element => (
    <TextField {...{ name, label, fields, problems, onChange }} />
  );
  return (
    <>
      <div class="fields">
        <label>
          Ordering
          <select
            value={fields.ordering}
            onChange={(event) => onChange({ ordering: event.currentTarget.value })}
          >
            {orderings.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        {text('peers', 'Peers')}
        {text('messages', 'Messages each')}
        {text('seed', 'Seed')}
        <label class="check">
          <input
            type="checkbox"
            checked={fields.record}
            onChange={(event) => onChange({ record: event.currentTarget.checked })}
          />{' '}
          Record every event
        </label>
      </div>
      <details>
        <summary>Intervals, contents, zones, deadline</summary>
        <div class="fields">
          {text('intervalMin', 'Interval from, ms')}
          {text('intervalMax', 'to, ms')}
          <label>
            Contents
            <select
              value={fields.workload}
              onChange={(event) => onChange({ workload: event.currentTarget.value })}
            >
              {WORKLOADS.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
          {text('payloadBytes', 'Bytes a message')}
          {text('deadlineS', 'Deadline, s')}
          {text('zones', 'Zones, one a peer')}
        </div>
      </details>
    </>
  );
}

type TextFieldName = Exclude<keyof RunFields, 'record'>;

/** A field with what is wrong in it right below. */
function TextField({
  name,
  label,
  fields,
  problems,
  onChange,
}: FieldsProps & { readonly name: TextFieldName; readonly label: string }): JSX.Element {
  const id = useId();
  const found = wordsAbout(name, fields, problems);
  const isNumber = name !== 'zones';
  return (
    <div class="field">
      <label>
        {label}
        <input
          type="text"
          class={isNumber ? 'number' : undefined}
          inputMode={isNumber ? 'decimal' : 'text'}
          value={fields[name]}
          placeholder={name === 'seed' ? 'drawn' : ''}
          aria-invalid={found !== null}
          aria-describedby={found === null ? undefined : id}
          onInput={(event) => onChange({ [name]: event.currentTarget.value })}
        />
      </label>
      {found === null ? null : (
        <small id={id} class="wrong">
          {found}
        </small>
      )}
    </div>
  );
}
