import type { JSX } from 'preact';
import { describeChoice } from '../../simulation/play/describe-choice.ts';
import { goBackTo } from '../../simulation/play/game.ts';
import type { BoardState } from './board-state.ts';
import type { ShownGame } from './use-shown-game.ts';

/** The list of a game with more steps than this is closed at first. */
const LISTED_OPEN_MAX = 12;
/** The most steps that are listed, which are the last ones. */
const LISTED_MAX = 200;

interface StepsProps {
  readonly state: BoardState;
  readonly onChange: ShownGame['change'];
}

/** What was done so far, in words; each step leads back to where it was the last. */
export function Steps({ state, onChange }: StepsProps): JSX.Element {
  const { choices } = state;
  const first = Math.max(0, choices.length - LISTED_MAX);
  return (
    <details open={choices.length > 0 && choices.length <= LISTED_OPEN_MAX}>
      <summary>What happened</summary>
      {first > 0 ? <p class="quiet">The first {first} steps are not listed.</p> : null}
      <ol class="steps" start={first + 1}>
        {choices.slice(first).map((choice, index) => (
          <li key={first + index}>
            <button
              type="button"
              title="Go back to here"
              onClick={() => onChange(goBackTo(state, first + index + 1))}
            >
              {describeChoice(choice)}
            </button>
          </li>
        ))}
      </ol>
    </details>
  );
}
