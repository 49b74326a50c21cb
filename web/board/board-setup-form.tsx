import type { JSX } from 'preact';
import { readOwnCompiled } from '../own/kept-own.ts';
import { OWN_ORDERING } from '../own/own-file.ts';
import { BOARD_ORDERINGS, BROKEN_ORDERING_NAMES } from './board-orderings.ts';
import { BOARD_LIMITS, type BoardSetup } from './board-state.ts';

interface BoardSetupFormProps {
  readonly setup: BoardSetup;
  readonly onChange: (setup: BoardSetup) => void;
}

/** What is played. A change begins a new game. */
export function BoardSetupForm({ setup, onChange }: BoardSetupFormProps): JSX.Element {
  const { ordering, peers, messages } = setup;
  const set = (change: Partial<BoardSetup>): void =>
    onChange({ ordering, peers, messages, puzzle: '', ...change });
  const registered = [...BOARD_ORDERINGS.keys()].filter(
    (name) => !BROKEN_ORDERING_NAMES.includes(name),
  );
  return (
    <form class="settings" onSubmit={(event) => event.preventDefault()}>
      <label>
        Ordering
        <select
          value={setup.ordering}
          onChange={(event) => set({ ordering: event.currentTarget.value })}
        >
          <optgroup label="right">{registered.map(toOption)}</optgroup>
          <optgroup label="broken">{BROKEN_ORDERING_NAMES.map(toOption)}</optgroup>
          {readOwnCompiled() === '' && setup.ordering !== OWN_ORDERING ? null : (
            <optgroup label="yours">
              <option value={OWN_ORDERING}>the one that you typed</option>
            </optgroup>
          )}
        </select>
      </label>
      <Count label="Peers" name="peers" value={setup.peers} onChange={(peers) => set({ peers })} />
      <Count
        label="Messages each"
        name="messages"
        value={setup.messages}
        onChange={(messages) => set({ messages })}
      />
    </form>
  );
}

function toOption(name: string): JSX.Element {
  return (
    <option key={name} value={name}>
      {name}
    </option>
  );
}

interface CountProps {
  readonly label: string;
  readonly name: 'peers' | 'messages';
  readonly value: number;
  readonly onChange: (value: number) => void;
}

function Count({ label, name, value, onChange }: CountProps): JSX.Element {
  const { min, max } = BOARD_LIMITS[name];
  return (
    <label>
      {label}
      <input
        type="number"
        name={name}
        min={min}
        max={max}
        value={value}
        onChange={(event) => {
          const typed = Math.round(Number(event.currentTarget.value));
          onChange(Math.min(max, Math.max(min, Number.isFinite(typed) ? typed : min)));
        }}
      />
    </label>
  );
}
