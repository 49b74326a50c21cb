import type { JSX } from 'preact';
import { beginBoard, writeBoardLink } from '../board/board-state.ts';
import { formatRoute } from '../routing/route.ts';
import type { CheckState } from './check-pool.ts';
import type { ShownCounterexample } from './check-own.ts';
import { OWN_ORDERING } from './own-file.ts';

/** How a check stands, or what it came to. */
export function CheckOutcome({ state }: { readonly state: CheckState }): JSX.Element {
  return (
    <section class="outcome" aria-label="Outcome" role="status">
      {contentOf(state)}
    </section>
  );
}

function contentOf(state: CheckState): JSX.Element | null {
  switch (state.phase) {
    case 'idle':
      return null;
    case 'running':
      return (
        <p>
          <progress value={state.done} max={state.of} aria-label="Schedules that were run" />{' '}
          {state.done} of {state.of} schedules, on {state.workers} processors
        </p>
      );
    case 'shrinking':
      return <p>Seed {state.seed} broke it. Making the schedule as simple as possible ...</p>;
    case 'passed':
      return (
        <p class="verdicts held">
          <strong>✓ Nothing was broken in {state.seeds} schedules.</strong> That is no proof: other
          schedules were not tried.
        </p>
      );
    case 'refused':
      return <p role="alert">{state.message}</p>;
    case 'failed':
      return (
        <>
          {state.isOfBefore === true ? (
            <p>This is of the text as it was when it was checked.</p>
          ) : null}
          <Shown shown={state.shown} />
        </>
      );
  }
}

function Shown({ shown }: { readonly shown: ShownCounterexample }): JSX.Element {
  const { name, text, seed, scenario, svg, choices } = shown;
  const setup = { ...shown.setup, ordering: OWN_ORDERING, puzzle: '' };
  const link =
    choices === null
      ? null
      : formatRoute('board', writeBoardLink({ ...beginBoard(setup), choices }));
  return (
    <>
      <p class="broken promised">
        <strong>✗ It breaks {name}.</strong> {text}
      </p>
      <p class="quiet">
        {scenario.join(' · ')} (shrunk from the schedule of seed {seed})
      </p>
      {link === null ? (
        <p class="quiet">The schedule is too long for the board.</p>
      ) : (
        <p>
          <a href={link}>Play it on the board</a>
        </p>
      )}
      <div class="scroll" tabIndex={0} role="region" aria-label="Diagram, to be scrolled">
        <img
          src={`data:image/svg+xml,${encodeURIComponent(svg)}`}
          alt={`Space-time diagram: ${text}`}
        />
      </div>
    </>
  );
}
