import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { NumberInput } from '../shared/number-input.tsx';
import { beginningAt, NEW_FAULT, ofKind } from './fault-changes.ts';
import {
  FAULTS_MAX,
  PLAYGROUND_LIMITS,
  type PlaygroundFault,
  type PlaygroundSettings,
} from './playground-settings.ts';

interface FaultListProps {
  readonly settings: PlaygroundSettings;
  readonly onChange: (settings: PlaygroundSettings) => void;
}

const KINDS: readonly (readonly [PlaygroundFault['kind'], string])[] = [
  ['crash', 'crashes at'],
  ['pause', 'stands still from'],
  ['cut', 'is cut off from'],
];

/** The faults of the run, each in one line that can be changed. */
export function FaultList({ settings, onChange }: FaultListProps): JSX.Element {
  const { faults } = settings;
  const add = useRef<HTMLButtonElement>(null);
  const set = (changed: readonly PlaygroundFault[]): void =>
    onChange({ ...settings, faults: changed });
  const hasRemoved = useRef(false);
  const remove = (place: number): void => {
    hasRemoved.current = true;
    set(faults.filter((_each, at) => at !== place));
  };
  useEffect(() => {
    // The button that was pressed went with its line, and the keyboard would fall back to the beginning of the page.
    if (hasRemoved.current) add.current?.focus();
    hasRemoved.current = false;
  }, [faults.length]);
  return (
    <details open={faults.length > 0}>
      <summary>Faults{faults.length > 0 ? ` (${faults.length})` : ''}</summary>
      <ul class="faults">
        {faults.map((fault, place) => (
          <FaultLine
            key={place}
            fault={fault}
            peers={settings.peers}
            onChange={(changed) => set(faults.map((each, at) => (at === place ? changed : each)))}
            onRemove={() => remove(place)}
          />
        ))}
      </ul>
      <button
        ref={add}
        type="button"
        disabled={faults.length >= FAULTS_MAX}
        onClick={() => set([...faults, NEW_FAULT])}
      >
        Add a fault
      </button>
    </details>
  );
}

interface FaultLineProps {
  readonly fault: PlaygroundFault;
  readonly peers: number;
  readonly onChange: (fault: PlaygroundFault) => void;
  readonly onRemove: () => void;
}

function FaultLine({ fault, peers, onChange, onRemove }: FaultLineProps): JSX.Element {
  const { kind, atMs, untilMs } = fault;
  const { faultMs } = PLAYGROUND_LIMITS;
  return (
    <li>
      Peer{' '}
      <select
        aria-label="Peer with the fault"
        value={String(fault.member)}
        onChange={(event) => onChange({ ...fault, member: Number(event.currentTarget.value) })}
      >
        {Array.from({ length: peers }, (_, peer) => (
          <option key={peer} value={String(peer)}>
            {peer}
          </option>
        ))}
      </select>{' '}
      <select
        aria-label="Kind of fault"
        value={kind}
        onChange={(event) =>
          onChange(ofKind(fault, event.currentTarget.value as PlaygroundFault['kind']))
        }
      >
        {KINDS.map(([kind, words]) => (
          <option key={kind} value={kind}>
            {words}
          </option>
        ))}
      </select>{' '}
      <NumberInput
        label="From, milliseconds"
        value={atMs}
        limits={faultMs}
        onChange={(changed) => onChange(beginningAt(fault, changed))}
      />{' '}
      {kind === 'crash' ? null : (
        <>
          to{' '}
          <NumberInput
            label="To, milliseconds"
            value={untilMs}
            limits={{ min: Math.min(atMs + 1, faultMs.max), max: faultMs.max }}
            onChange={(changed) => onChange({ ...fault, untilMs: changed })}
          />
        </>
      )}{' '}
      ms{' '}
      <button type="button" onClick={onRemove}>
        Remove
      </button>
    </li>
  );
}
