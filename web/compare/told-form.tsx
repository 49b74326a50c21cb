import type { JSX } from 'preact';
import { useId, useState } from 'preact/hooks';
import type { ToldOfLogs } from '../../control/logs/told.ts';
import {
  readToldFields,
  readToldFirst,
  readToldMessages,
  readToldNames,
  type ToldText,
} from './read-told.ts';

interface ToldFormProps {
  readonly told: ToldOfLogs;
  readonly onChange: (told: ToldOfLogs) => void;
}

/** What the logs do not say themselves, by the names that the command line gives it. */
export function ToldForm({ told, onChange }: ToldFormProps): JSX.Element {
  const set = (change: Partial<ToldOfLogs>): void => onChange({ ...told, ...change });
  return (
    <details>
      <summary>What the logs do not say themselves</summary>
      <div class="settings">
        <ToldField
          label="Messages each (--messages)"
          read={readToldMessages}
          onChange={(messages) => set({ messages })}
        />
        <ToldField
          label="First number (--first)"
          read={readToldFirst}
          onChange={(first) => set({ first })}
        />
        <ToldField
          label="Senders of the files, in order (--senders)"
          example="5001, 5002"
          read={readToldNames}
          onChange={(senders) => set({ senders: senders.length === 0 ? null : senders })}
        />
        <ToldField
          label="Fields: sender, number (--fields)"
          example="port, clock"
          read={readToldFields}
          onChange={(fields) => set({ fields })}
        />
        <ToldField
          label="Peers that crashed (--crashed)"
          example="2, 3"
          read={readToldNames}
          onChange={(crashed) => set({ crashed })}
        />
        <label>
          <input
            type="checkbox"
            onChange={(event) => set({ oneRun: event.currentTarget.checked })}
          />
          Repeated deliveries are of one run (--one-run)
        </label>
      </div>
    </details>
  );
}

interface ToldFieldProps<Value> {
  readonly label: string;
  readonly example?: string;
  readonly read: (text: string) => ToldText<Value>;
  readonly onChange: (value: Value) => void;
}

/** A text that stays as it was typed; where it does not count, it says so right below. */
function ToldField<Value>(props: ToldFieldProps<Value>): JSX.Element {
  const { label, example, read, onChange } = props;
  const id = useId();
  const [problem, setProblem] = useState('');
  const commit = (text: string): void => {
    const told = read(text);
    setProblem(told.problem);
    onChange(told.value);
  };
  return (
    <div class="field">
      <label>
        {label}
        <input
          type="text"
          placeholder={example}
          aria-invalid={problem !== ''}
          aria-describedby={problem === '' ? undefined : id}
          onChange={(event) => commit(event.currentTarget.value)}
        />
      </label>
      {problem === '' ? null : (
        <small id={id} class="wrong" role="status">
          {problem}
        </small>
      )}
    </div>
  );
}
