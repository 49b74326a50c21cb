import type { JSX } from 'preact';
import {
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
const NEW_FAULT: PlaygroundFault = { kind: 'crash', member: 0, atMs: 1_000, untilMs: 2_000 };

/** The faults of the run, each in one line that can be changed. */
export function FaultList({ settings, onChange }: FaultListProps): JSX.Element {
  const { faults } = settings;
  const set = (changed: readonly PlaygroundFault[]): void =>
    onChange({ ...settings, faults: changed });
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
            onRemove={() => set(faults.filter((_each, at) => at !== place))}
          />
        ))}
      </ul>
      <button
        type="button"
        disabled={faults.length >= 8}
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
  const number = (name: 'atMs' | 'untilMs', label: string): JSX.Element => (
    <input
      type="number"
      aria-label={label}
      min={0}
      max={PLAYGROUND_LIMITS.faultMs.max}
      value={fault[name]}
      onChange={(event) =>
        onChange({ ...fault, [name]: Math.max(0, Math.round(Number(event.currentTarget.value))) })
      }
    />
  );
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
        value={fault.kind}
        onChange={(event) =>
          onChange({ ...fault, kind: event.currentTarget.value as PlaygroundFault['kind'] })
        }
      >
        {KINDS.map(([kind, words]) => (
          <option key={kind} value={kind}>
            {words}
          </option>
        ))}
      </select>{' '}
      {number('atMs', 'From, milliseconds')}{' '}
      {fault.kind === 'crash' ? null : <>to {number('untilMs', 'To, milliseconds')}</>} ms{' '}
      <button type="button" onClick={onRemove}>
        Remove
      </button>
    </li>
  );
}
