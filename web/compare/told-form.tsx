import type { JSX } from 'preact';
import type { ToldOfLogs } from '../../control/logs/told.ts';

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
        <NumberText
          label="Messages each (--messages)"
          value={told.messages}
          onChange={(messages) => set({ messages })}
        />
        <NumberText
          label="First number (--first)"
          value={told.first}
          onChange={(first) => set({ first })}
        />
        <ListText
          label="Senders of the files, in order (--senders)"
          example="5001, 5002"
          value={told.senders ?? []}
          onChange={(senders) => set({ senders: senders.length === 0 ? null : senders })}
        />
        <ListText
          label="Fields: sender, number (--fields)"
          example="port, clock"
          value={told.fields ?? []}
          onChange={([sender, number]) => {
            const isPair = sender !== undefined && number !== undefined;
            set({ fields: isPair ? [sender, number] : null });
          }}
        />
        <ListText
          label="Peers that crashed (--crashed)"
          example="2, 3"
          value={told.crashed}
          onChange={(crashed) => set({ crashed })}
        />
      </div>
    </details>
  );
}

interface NumberTextProps {
  readonly label: string;
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
}

/** A whole number, or nothing. */
function NumberText({ label, value, onChange }: NumberTextProps): JSX.Element {
  return (
    <label>
      {label}
      <input
        type="number"
        min={0}
        value={value ?? ''}
        onChange={(event) => {
          const text = event.currentTarget.value;
          onChange(text === '' ? null : Math.max(0, Math.round(Number(text))));
        }}
      />
    </label>
  );
}

interface ListTextProps {
  readonly label: string;
  readonly example: string;
  readonly value: readonly string[];
  readonly onChange: (value: readonly string[]) => void;
}

/** Words with commas between them. */
function ListText({ label, example, value, onChange }: ListTextProps): JSX.Element {
  return (
    <label>
      {label}
      <input
        type="text"
        placeholder={example}
        value={value.join(', ')}
        onChange={(event) => {
          const words = event.currentTarget.value.split(',').map((word) => word.trim());
          onChange(words.filter((word) => word !== ''));
        }}
      />
    </label>
  );
}
