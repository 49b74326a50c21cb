import { type PlaygroundSettings, scenarioOf } from '../playground/playground-settings.ts';
import {
  drawPlayground,
  buffersOf,
  type PlayedRun,
  runPlayground,
  waitingAt,
  type WaitingPeer,
} from '../playground/run-playground.ts';
import { BOARD_ORDERINGS } from '../board/board-orderings.ts';
import type { BoardSetup, RecordedRun } from '../board/board-state.ts';
import { openRecordedRun } from '../board/recorded-run.ts';
import type { RecordingDocument } from '../../control/api/dashboard-documents.ts';
import { boardChoices } from '../board/board-choices.ts';
import type { Choice } from '../../simulation/choices/choice.ts';
import { shownCreate } from '../../simulation/choices/shown-create.ts';
import { type GameView, viewGame } from '../../simulation/play/game-view.ts';
import {
  type CheckedShare,
  checkShare,
  showCounterexample,
  type ShownCounterexample,
} from '../own/check-own.ts';
import { OWN_ORDERING } from '../own/own-file.ts';
import { loadOwnOrdering } from '../own/own-module.ts';
import type { Failing } from '../../simulation/check/check-seeds.ts';
import { answerQuestions } from './answer-questions.ts';
import { warmUp } from './warm-up.ts';

/** What the page asks of the playground's worker. */
export type SimulationQuestion =
  | { readonly want: 'run'; readonly settings: PlaygroundSettings; readonly ordering: string }
  | { readonly want: 'diagram'; readonly settings: PlaygroundSettings; readonly ordering: string }
  | {
      readonly want: 'waiting';
      readonly settings: PlaygroundSettings;
      readonly ordering: string;
      readonly atUs: number;
    }
  | {
      readonly want: 'board';
      readonly setup: BoardSetup;
      /** The answer has a view for each list of choices. */
      readonly games: readonly (readonly Choice[])[];
      /** The ordering of this browser, where the setup names it; empty otherwise. */
      readonly javascript: string;
    }
  | { readonly want: 'choices'; readonly settings: PlaygroundSettings; readonly ordering: string }
  | {
      readonly want: 'check';
      readonly javascript: string;
      readonly first: number;
      readonly count: number;
    }
  | { readonly want: 'shrink'; readonly javascript: string; readonly failing: Failing }
  | {
      /** A recorded run of the laboratory as a game. */
      readonly want: 'replay';
      readonly runId: string;
      readonly recording: RecordingDocument;
    };

export type SimulationAnswer =
  | PlayedRun
  | string
  | readonly WaitingPeer[]
  | readonly GameView[]
  | readonly Choice[]
  | CheckedShare
  | ShownCounterexample
  | RecordedRun
  | null;

/** A larger scenario would keep the next question waiting. */
const WARMING_MESSAGES_MAX = 400;
let isWarm = false;

function runWarm(settings: PlaygroundSettings, ordering: string): PlayedRun {
  const isSmall = settings.peers * settings.messages <= WARMING_MESSAGES_MAX;
  if (!isWarm && isSmall) warmUp(() => runPlayground(settings, ordering));
  isWarm = true;
  return runPlayground(settings, ordering);
}

answerQuestions((question: SimulationQuestion): SimulationAnswer => {
  switch (question.want) {
    case 'run':
      return runWarm(question.settings, question.ordering);
    case 'diagram':
      return drawPlayground(question.settings, question.ordering);
    case 'waiting':
      return waitingAt(question.settings, question.ordering, question.atUs);
    case 'board': {
      const { setup, games, javascript } = question;
      const entry =
        setup.ordering === OWN_ORDERING
          ? loadOwnOrdering(javascript)
          : BOARD_ORDERINGS.get(setup.ordering)!;
      return games.map((choices) => viewGame(entry, setup, choices));
    }
    case 'choices':
      return boardChoices(
        shownCreate(BOARD_ORDERINGS.get(question.ordering)!),
        scenarioOf(question.settings),
      );
    case 'check':
      return checkShare(loadOwnOrdering(question.javascript), question.first, question.count);
    case 'replay':
      return openRecordedRun(question.runId, question.recording);
    case 'shrink':
      return showCounterexample(loadOwnOrdering(question.javascript), question.failing);
  }
}, buffersInAnswer);

function buffersInAnswer(answer: SimulationAnswer): readonly ArrayBuffer[] {
  const isRun = typeof answer === 'object' && answer !== null && 'film' in answer;
  return isRun ? buffersOf(answer) : [];
}
