import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { GameView } from '../../simulation/play/game-view.ts';
import { readOwnCompiled } from '../own/kept-own.ts';
import { OWN_ORDERING } from '../own/own-file.ts';
import { formatRoute } from '../routing/route.ts';
import { Alert } from '../shared/alert.tsx';
import type { SimulationQuestion } from '../workers/simulation-worker.ts';
import { useAnswer, useAsker } from '../workers/use-worker.ts';
import * as board from './board-state.ts';
import { BoardSetupForm } from './board-setup-form.tsx';
import { Branches } from './branches.tsx';
import { GameBar } from './game-bar.tsx';
import { MemberCard } from './member-card.tsx';
import { PathCuts } from './path-cuts.tsx';
import { PuzzlePanel } from './puzzle-panel.tsx';
import { Steps } from './steps.tsx';
import { Broken } from './broken.tsx';
import { useCardFocus } from './use-card-focus.ts';
import { type ShownGame, useShownGame } from './use-shown-game.ts';

/** The board: whoever plays decides what arrives, when, and what never does. */
export function BoardPage({ query }: { readonly query: ReadonlyMap<string, string> }): JSX.Element {
  const { state, problem, change } = useShownGame(query);
  return (
    <>
      <h1>You are the network</h1>
      <p>
        Every packet lies on the table until you let it arrive. Bring the peers to deliver in
        different orders, if their ordering lets you.
      </p>
      <Alert text={problem} />
      {state === null && problem === '' ? (
        <p class="loading" role="status">
          The recorded run is being read ...
        </p>
      ) : null}
      {state === null ? null : <Play state={state} onChange={change} />}
    </>
  );
}

interface PlayProps {
  readonly state: board.BoardState;
  readonly onChange: ShownGame['change'];
}

function Play({ state, onChange }: PlayProps): JSX.Element {
  const { views, possible, problem } = useViews(state);
  return (
    <>
      {state.recorded === null ? (
        <PuzzlePanel state={state} view={views?.[0] ?? null} onOpen={onChange} />
      ) : (
        <RecordedNote run={state.recorded} />
      )}
      <details open={state.setup.puzzle === '' && state.recorded === null}>
        <summary>Another game</summary>
        <BoardSetupForm
          setup={state.setup}
          onChange={(setup) => onChange(board.beginBoard(setup))}
        />
      </details>
      <GameBar state={state} onChange={onChange} />
      <Alert text={problem} />
      {views === null && problem === '' ? <p class="loading">The board is being laid ...</p> : null}
      {views === null ? null : (
        <Table state={state} views={views} possible={possible} onChange={onChange} />
      )}
    </>
  );
}

/** What the game begins with, and how much of it the steps are. */
function RecordedNote({ run }: { readonly run: board.RecordedRun }): JSX.Element {
  const { runId, setup, departs } = run;
  return (
    <>
      <p>
        <a href={formatRoute('laboratory', { run: runId })}>Run {runId}</a> of {setup.ordering}, as
        real peers recorded it, step by step. Go back to any step, and do otherwise.
      </p>
      {departs === null ? null : (
        <p role="alert">
          The steps are the run as far as its recording tells: {departs}. What comes after that is
          not known, and not played.
        </p>
      )}
    </>
  );
}

interface TableProps extends PlayProps, Pick<Views, 'possible'> {
  readonly views: readonly GameView[];
}

function Table({ state, views, possible, onChange }: TableProps): JSX.Element {
  const [view, ...others] = views;
  const place = useCardFocus('.member', '.packets > li', view);
  const lit = view!.broken.find(({ lit: places }) => places.length > 0)?.lit ?? [];
  const take = (choice: Parameters<typeof board.takeOnBoard>[1]): void =>
    onChange(board.takeOnBoard(state, choice, possible));
  return (
    <>
      <Alert
        text={view!.problem === '' ? '' : `${view!.problem}. What you do now takes its place.`}
      />
      <Broken view={view!} />
      <div class="table" ref={place}>
        {view!.members.map((member, index) => (
          <MemberCard
            key={index}
            index={index}
            member={member}
            packets={view!.packets.filter(({ to }) => to === index)}
            lit={lit.filter((place) => place.member === index).map(({ position }) => position)}
            onTake={take}
          />
        ))}
      </div>
      <PathCuts peers={state.setup.peers} cuts={view!.cuts} onTake={take} />
      <Steps state={state} onChange={onChange} />
      <Branches state={state} views={others} onChange={onChange} />
    </>
  );
}

interface Views {
  readonly views: readonly GameView[] | null;
  /** How many of the game's first steps are possible, as far as that is known. */
  readonly possible: number;
  /** Why there are no views, such as an ordering that does not load; empty where there are some. */
  readonly problem: string;
}

/** How the game looks, and each branch that was kept; `null` until the worker has answered once. */
function useViews({ setup, choices, branches }: board.BoardState): Views {
  const asker = useAsker<SimulationQuestion, readonly GameView[]>(
    setup.ordering === OWN_ORDERING ? 'own' : 'simulation',
  );
  const question = useMemo((): SimulationQuestion => {
    const games = [choices, ...branches.map((branch) => branch.choices)];
    return { want: 'board', setup, games, javascript: readOwnCompiled() };
  }, [setup, choices, branches]);
  const { answer, of, problem } = useAnswer(asker, question);
  const asked = of?.want === 'board' ? of : null;
  // Until there is another, the answer to fewer or other steps stays, but not that of another game.
  const views = asked?.setup === setup ? answer : null;
  const isStuck = asked?.games[0] === choices && views?.[0]?.problem !== '';
  return { views, possible: isStuck ? (views?.[0]?.taken ?? 0) : choices.length, problem };
}
