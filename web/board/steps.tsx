import type { JSX } from 'preact';
import { describeChoice } from '../../simulation/play/describe-choice.ts';
import { goBackTo } from '../../simulation/play/game.ts';
import type { BoardState } from './board-state.ts';

interface StepsProps {
  readonly state: BoardState;
  readonly onChange: (state: BoardState) => void;
}

/** What was done so far, in words; each step leads back to where it was the last. */
export function Steps({ state, onChange }: StepsProps): JSX.Element {
  return (
    <details open={state.choices.length > 0 && state.choices.length <= 12}>
      <summary>What happened</summary>
      <ol class="steps">
        {state.choices.map((choice, index) => (
          <li key={index}>
            <button
              type="button"
              title="Go back to here"
              onClick={() => onChange(goBackTo(state, index + 1))}
            >
              {describeChoice(choice)}
            </button>
          </li>
        ))}
      </ol>
    </details>
  );
}
