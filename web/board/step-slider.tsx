import type { JSX } from 'preact';
import { describeChoice } from '../../simulation/play/describe-choice.ts';
import { goToStep } from '../../simulation/play/game.ts';
import type { BoardState } from './board-state.ts';
import type { ShownGame } from './use-shown-game.ts';

/** A game with fewer steps needs no slider: its list of steps is at hand. */
const STEPS_MIN = 13;

interface StepSliderProps {
  readonly state: BoardState;
  readonly onChange: ShownGame['change'];
}

/** Goes to any step of a long game, such as a run that was recorded. */
export function StepSlider({ state, onChange }: StepSliderProps): JSX.Element | null {
  const { choices, undone } = state;
  if (choices.length + undone.length < STEPS_MIN) return null;
  const last = choices.at(-1);
  return (
    <div class="step-slider" role="group" aria-label="Steps">
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
