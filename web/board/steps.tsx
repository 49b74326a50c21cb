import type { JSX } from 'preact';
import { describeChoice } from '../../simulation/play/describe-choice.ts';
import { goBackTo, goToStep } from '../../simulation/play/game.ts';
import type { BoardState } from './board-state.ts';
import type { ShownGame } from './use-shown-game.ts';

/** A game with more steps than this has a slider over them. */
const LISTED_OPEN_MAX = 12;
/** The most steps that are listed, which are the last ones. */
const LISTED_MAX = 200;

interface StepsProps {
  readonly state: BoardState;
  readonly onChange: ShownGame['change'];
}

/** What was done so far, in words; each step leads back to where it was the last. */
export function Steps({ state, onChange }: StepsProps): JSX.Element {
  const { choices, undone } = state;
  const first = Math.max(0, choices.length - LISTED_MAX);
  return (
    <>
      {choices.length + undone.length > LISTED_OPEN_MAX ? (
        <StepSlider state={state} onChange={onChange} />
      ) : null}
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
    </>
  );
}

/** Goes to any step of a long game, such as a run that was recorded. */
function StepSlider({ state, onChange }: StepsProps): JSX.Element {
  const { choices, undone } = state;
  const last = choices.at(-1);
  return (
    <div class="playback" role="group" aria-label="Steps">
      <label class="grow">
        <span class="quiet">Step</span>
        <input
          type="range"
          min={0}
          max={choices.length + undone.length}
          value={choices.length}
          aria-valuetext={last === undefined ? 'nothing has happened' : describeChoice(last)}
          onInput={(event) => onChange(goToStep(state, Number(event.currentTarget.value)), true)}
          onChange={(event) => onChange(goToStep(state, Number(event.currentTarget.value)))}
        />
      </label>
      <output>
        {choices.length} of {choices.length + undone.length}
        {last === undefined ? '' : `: ${describeChoice(last)}`}
      </output>
    </div>
  );
}
