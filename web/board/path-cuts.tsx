import type { JSX } from 'preact';
import type { Choice } from '../../simulation/choices/choice.ts';

interface PathCutsProps {
  readonly peers: number;
  readonly cuts: readonly string[];
  readonly onTake: (choice: Choice) => void;
}

/** A button for each path: what is put on a cut one is lost at once. */
export function PathCuts({ peers, cuts, onTake }: PathCutsProps): JSX.Element {
  const paths = Array.from({ length: peers * peers }, (_, index) => ({
    from: Math.floor(index / peers),
    to: index % peers,
  })).filter(({ from, to }) => from !== to);
  return (
    <details open={cuts.length > 0}>
      <summary>Cut a path{cuts.length > 0 ? ` (cut: ${cuts.join(', ')})` : ''}</summary>
      <div class="fields">
        {paths.map(({ from, to }) => {
          const isCut = cuts.includes(`${from}>${to}`);
          return (
            <button
              key={`${from}>${to}`}
              type="button"
              aria-pressed={isCut}
              onClick={() => onTake({ act: isCut ? 'heal' : 'cut', from, to })}
            >
              {isCut ? 'Heal' : 'Cut'} {from}→{to}
            </button>
          );
        })}
      </div>
    </details>
  );
}
