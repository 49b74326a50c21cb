import type { JSX } from 'preact';
import { GUARANTEE_MEANINGS } from '../shared/verdict-list.tsx';
import type { BoardView } from './board-view.ts';

/** What the run has broken for good, announced as it happens. */
export function Broken({ view }: { readonly view: BoardView }): JSX.Element {
  return (
    <div role="status" class="broken-list">
      {view.broken.map(({ name, isPromised, text }) => (
        <p key={name} class={isPromised ? 'broken promised' : 'broken'}>
          <strong>✗ {name}</strong> ({GUARANTEE_MEANINGS[name]}
          {isPromised
            ? '; this ordering promises it'
            : '; this ordering does not promise it'}): {text}
        </p>
      ))}
    </div>
  );
}
