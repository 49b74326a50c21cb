import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { GridCheck } from '../../control/api/dashboard-documents.ts';
import { ORDERING_NAMES } from '../../core/orderings/registry.ts';
import { DashboardError, type FieldProblem, sendDocument } from '../laboratory/dashboard-client.ts';
import { liveStatus } from '../laboratory/live-status.ts';
import { useTypedCheck } from '../laboratory/use-typed-check.ts';

interface GridFields {
  readonly name: string;
  readonly orderings: readonly string[];
  /** The fields as they were typed; lists have commas between their parts. */
  readonly peers: string;
  readonly messages: string;
  readonly runs: string;
}

const GRID_FIELDS_DEFAULT: GridFields = {
  name: 'grid',
  orderings: ORDERING_NAMES.slice(0, 1),
  peers: '2,4',
  messages: '10,50',
  runs: '3',
};

/** What is typed outlasts a look at another page. */
const typedGrid = signal(GRID_FIELDS_DEFAULT);

/** Measures a grid in a laboratory of its own, as `mpcomm grid` does, and says how far it is. */
export function GridForm(): JSX.Element {
  const fields = typedGrid.value;
  const [refusal, setRefusal] = useState<DashboardError | null>(null);
  const grid = liveStatus.value?.grid ?? null;
  const isMeasuring = grid?.state === 'measuring';
  const check = useTypedCheck(fields, checkGrid);
  const send = (path: string, body: unknown): void => {
    setRefusal(null);
    sendDocument(path, body).catch((error: unknown) => {
      setRefusal(error instanceof DashboardError ? error : new DashboardError(String(error)));
    });
  };
  return (
    <form
      aria-label="A new grid"
      onSubmit={(event) => {
        event.preventDefault();
        send('grids', toGridBody(fields));
      }}
    >
      <WhereMeasured />
      <GridFieldList
        fields={fields}
        onChange={(changed) => {
          typedGrid.value = changed;
        }}
      />
      <div role="status">
        {check === null || check.foreseen === '' ? null : <p>{check.foreseen}</p>}
        {check === null || check.errors.length === 0 ? null : (
          <p class="problem">{tellErrors(check.errors)}</p>
        )}
      </div>
      <p class="acts">
        <button
          type="submit"
          class="primary"
          disabled={isMeasuring || (check?.errors.length ?? 0) > 0}
        >
          Measure it
        </button>
        {isMeasuring ? (
          <button type="button" onClick={() => send('stop-grid', {})}>
            Stop it
          </button>
        ) : null}
      </p>
      {refusal === null ? null : <Refusal message={refusal.message} errors={refusal.errors} />}
      {grid === null ? null : (
        <div role="status">
          <p>
            {grid.name}: {grid.state}
          </p>
          <pre class="notes">{grid.notes.join('\n')}</pre>
        </div>
      )}
    </form>
  );
}

/** Where it will be measured, said before anybody fills the form in: in the cloud that costs money. */
function WhereMeasured(): JSX.Element {
  const status = liveStatus.value;
  return status?.backend === 'gcp' ? (
    <p>
      All combinations, one run after the other, in the laboratory that is deployed in the cloud (
      {status.place}), begun through its function <code>run</code> with your credentials. No other
      run can begin there while one of these goes on. Where a peer is missing, as after a Spot
      machine was taken away, half an hour is waited for it. The machines cost until{' '}
      <code>npm run destroy</code>, whether anything is measured or not.
    </p>
  ) : (
    <p class="quiet">
      All combinations, one run after the other, in a laboratory of its own on this machine.
    </p>
  );
}

function checkGrid(fields: GridFields): Promise<GridCheck> {
  return sendDocument('check-grid', toGridBody(fields));
}

function tellErrors(errors: readonly FieldProblem[]): string {
  return errors
    .map(({ field, problem }) => (field === '' ? problem : `${field}: ${problem}`))
    .join('\n');
}

function Refusal({
  message,
  errors,
}: {
  readonly message: string;
  readonly errors: readonly FieldProblem[];
}): JSX.Element {
  return <p role="alert">{errors.length === 0 ? message : tellErrors(errors)}</p>;
}

interface GridFieldListProps {
  readonly fields: GridFields;
  readonly onChange: (fields: GridFields) => void;
}

function GridFieldList({ fields, onChange }: GridFieldListProps): JSX.Element {
  const text = (name: Exclude<keyof GridFields, 'orderings'>, label: string): JSX.Element => (
    <label>
      {label}
      <input
        type="text"
        class="number"
        value={fields[name]}
        onInput={(event) => onChange({ ...fields, [name]: event.currentTarget.value })}
      />
    </label>
  );
  const { orderings } = fields;
  return (
    <>
      <div class="fields">
        {ORDERING_NAMES.map((name) => (
          <label key={name} class="check">
            <input
              type="checkbox"
              checked={orderings.includes(name)}
              onChange={(event) =>
                onChange({
                  ...fields,
                  orderings: event.currentTarget.checked
                    ? [...orderings, name]
                    : orderings.filter((each) => each !== name),
                })
              }
            />{' '}
            {name}
          </label>
        ))}
      </div>
      <div class="fields">
        {text('name', 'Name')}
        {text('peers', 'Peers')}
        {text('messages', 'Messages each')}
        {text('runs', 'Runs a cell')}
      </div>
    </>
  );
}

/** The JSON body of the request, which the dashboard checks. */
function toGridBody({ name, orderings, peers, messages, runs }: GridFields) {
  const numbers = (text: string): number[] => text.split(',').map((each) => Number(each.trim()));
  return {
    name,
    orderings,
    peers: numbers(peers),
    messages: numbers(messages),
    runs: Number(runs),
  };
}
