import type { JSX } from 'preact';
import { readOwnCompiled } from '../own/kept-own.ts';
import { OWN_ORDERING } from '../own/own-file.ts';
import { NumberInput } from '../shared/number-input.tsx';
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
  return (
    <label>
      {label}
      <NumberInput name={name} value={value} limits={BOARD_LIMITS[name]} onChange={onChange} />
    </label>
  );
}
