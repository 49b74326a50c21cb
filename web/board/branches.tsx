import type { JSX } from 'preact';
import type { GameView } from '../../simulation/play/game-view.ts';
import { type BoardState, dropBranch, openBranch } from './board-state.ts';

interface BranchesProps {
  readonly state: BoardState;
  /** One a branch, in their order. */
  readonly views: readonly GameView[];
  readonly onChange: (state: BoardState) => void;
}

/** The branches that were kept, beside each other: what every peer delivered in each. */
export function Branches({ state, views, onChange }: BranchesProps): JSX.Element | null {
  if (state.branches.length === 0) return null;
  return (
    <section aria-label="Branches">
      <h3>Branches</h3>
      <div class="scroll" tabIndex={0} role="region" aria-label="Branches, to be scrolled">
        <table>
          <thead>
            <tr>
              <th scope="col">branch</th>
              <th scope="col">moves</th>
              {Array.from({ length: state.setup.peers }, (_, peer) => (
                <th key={peer} scope="col">
                  peer {peer} delivered
                </th>
              ))}
              <th scope="col">broken</th>
              <th scope="col">
                <span class="unseen">do</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {state.branches.map(({ name, choices }, index) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{choices.length}</td>
                {(views[index]?.members ?? []).map(({ log }, peer) => (
                  <td key={peer}>
                    {log.map(({ sender, sequence }) => `(${sender},${sequence})`).join(' ')}
                  </td>
                ))}
                <td>{views[index]?.broken.map((each) => each.name).join(', ')}</td>
                <td>
                  <button type="button" onClick={() => onChange(openBranch(state, name))}>
                    Go on from it
                  </button>{' '}
                  <button type="button" onClick={() => onChange(dropBranch(state, name))}>
                    Forget
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
