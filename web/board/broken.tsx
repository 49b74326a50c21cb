import type { JSX } from 'preact';
import type { BrokenName, GameView } from '../../simulation/play/game-view.ts';
import { GUARANTEE_MEANINGS } from '../shared/verdict-list.tsx';

const MEANINGS_IN_GAME: Readonly<Record<BrokenName, string>> = {
  ...GUARANTEE_MEANINGS,
  liveness: 'whoever lives delivers what those who live multicast',
};

/**
 * What the run has broken for good, announced as it happens. Promised guarantees, and the one that broke
 * first, are told in full. The others mostly follow from the same deliveries, and only their names are told.
 */
export function Broken({ view }: { readonly view: GameView }): JSX.Element {
  const told = view.broken.filter(({ isPromised }, place) => isPromised || place === 0);
  const others = view.broken.filter((each) => !told.includes(each));
  return (
    <div role="status" class="broken-list">
      {told.map(({ name, isPromised, text }) => (
        <p key={name} class={isPromised ? 'broken promised' : 'broken'}>
          <strong>✗ {name}</strong> ({MEANINGS_IN_GAME[name]}
          {isPromised
            ? '; this ordering promises it'
            : '; this ordering does not promise it'}):{' '}
          {text}
        </p>
      ))}
      {others.length === 0 ? null : (
        <p class="quiet">
          Broken as well, and not promised: {others.map(({ name }) => name).join(', ')}.
        </p>
      )}
    </div>
  );
}
