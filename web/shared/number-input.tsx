import type { JSX } from 'preact';
import { useId, useState } from 'preact/hooks';
import { type NumberLimits, readTypedNumber } from './typed-number.ts';

interface NumberInputProps {
  readonly name?: string;
  /** What it is called where no label stands around it. */
  readonly label?: string;
  readonly value: number;
  readonly limits: NumberLimits;
  readonly onChange: (value: number) => void;
}

/**
 * A number that takes effect when it is committed: until then it is what was typed, whatever the page shows anew
 * meanwhile. Where it takes effect as another number, it says so until there is the next.
 */
export function NumberInput(props: NumberInputProps): JSX.Element {
  const { name, label, value, limits, onChange } = props;
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const [read, setRead] = useState({ value, problem: '' });
  const commit = (text: string): void => {
    const next = readTypedNumber(text, value, limits);
    setTyped(null);
    setRead(next);
    if (next.value !== value) onChange(next.value);
  };
  const problem = read.value === value ? read.problem : '';
  return (
    <>
      <input
        type="number"
        name={name}
        aria-label={label}
        aria-describedby={problem === '' ? undefined : id}
        min={limits.min}
        max={limits.max}
        step={limits.hasParts === true ? 'any' : undefined}
        value={typed ?? value}
        onInput={(event) => setTyped(event.currentTarget.value)}
        onChange={(event) => commit(event.currentTarget.value)}
        onBlur={() => setTyped(null)}
      />
      {problem === '' ? null : (
        <small id={id} class="wrong" role="status">
          {problem}
        </small>
      )}
    </>
  );
}
