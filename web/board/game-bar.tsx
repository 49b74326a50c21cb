import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { goBackTo, redoChoice, undoChoice } from '../../simulation/play/game.ts';
import { type BoardState, keepBranch } from './board-state.ts';
import { StepSlider } from './step-slider.tsx';
import { TYPED_INTO } from '../shared/typed-into.ts';
import type { ShownGame } from './use-shown-game.ts';

interface GameProps {
  readonly state: BoardState;
  readonly onChange: ShownGame['change'];
}

/** Undo, redo, keep as a branch, begin again, share. `u` and `r` do the first two. */
export function GameBar({ state, onChange }: GameProps): JSX.Element {
  useShortcuts(state, onChange);
  const { choices, undone } = state;
  return (
    <div class="playback" role="group" aria-label="Game">
      <button
        type="button"
        disabled={choices.length === 0}
        onClick={() => onChange(undoChoice(state))}
      >
        ↶ Undo <kbd>u</kbd>
      </button>
      <button
        type="button"
        disabled={undone.length === 0}
        onClick={() => onChange(redoChoice(state))}
      >
        ↷ Redo <kbd>r</kbd>
      </button>
      <button
        type="button"
        disabled={choices.length === 0}
        onClick={() => onChange(keepBranch(state))}
      >
        Keep as a branch
      </button>
      <button
        type="button"
        disabled={choices.length === 0}
        onClick={() => onChange(goBackTo(state, 0))}
      >
        Begin again
      </button>
      <ShareLink />
      <output>{choices.length === 1 ? '1 move' : `${choices.length} moves`}</output>
      <small>
        Keys: <kbd>0</kbd>, <kbd>1</kbd> ... go to a peer. The board knows an order, and no time.
      </small>
      <StepSlider state={state} onChange={onChange} />
    </div>
  );
}

/** Copies the address, which holds the whole game; where that is not allowed it is shown instead. */
function ShareLink(): JSX.Element {
  const [told, setTold] = useState('');
  const share = (): void => {
    const told = 'The address of this page holds the game.';
    navigator.clipboard.writeText(location.href).then(
      () => setTold('Copied.'),
      () => setTold(told),
    );
  };
  return (
    <>
      <button type="button" onClick={share}>
        Copy link
      </button>
      <small role="status">{told}</small>
    </>
  );
}

function useShortcuts(state: BoardState, onChange: (state: BoardState) => void): void {
  useEffect(() => {
    const listen = ({ key, target, ctrlKey, metaKey, altKey }: KeyboardEvent): void => {
      const isTyping = target instanceof Element && target.matches(TYPED_INTO);
      if (isTyping || ctrlKey || metaKey || altKey) return;
      if (key === 'u') onChange(undoChoice(state));
      if (key === 'r') onChange(redoChoice(state));
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, [state]);
}
