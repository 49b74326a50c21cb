import type { PlaygroundSettings } from '../playground/playground-settings.ts';
import {
  drawPlayground,
  type Played,
  runPlayground,
  waitingAt,
  type WaitingPeer,
} from '../playground/run-playground.ts';
import { BOARD_ORDERINGS } from '../board/board-orderings.ts';
import type { BoardSetup } from '../board/board-state.ts';
import { type BoardView, viewBoard } from '../board/board-view.ts';
import type { Choice } from '../../simulation/choices/choice.ts';
import { answerQuestions } from './answer-questions.ts';

/** What the page asks of the playground's worker. */
export type SimulationQuestion =
  | { readonly want: 'run'; readonly settings: PlaygroundSettings }
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
      /** One view a list of choices. */
      readonly games: readonly (readonly Choice[])[];
    };

export type SimulationAnswer = Played | string | readonly WaitingPeer[] | readonly BoardView[];

answerQuestions((question: SimulationQuestion): SimulationAnswer => {
  switch (question.want) {
    case 'run':
      return runPlayground(question.settings);
    case 'diagram':
      return drawPlayground(question.settings, question.ordering);
    case 'waiting':
      return waitingAt(question.settings, question.ordering, question.atUs);
    case 'board': {
      const { setup, games } = question;
      const entry = BOARD_ORDERINGS.get(setup.ordering)!;
      return games.map((choices) => viewBoard(entry, setup, choices));
    }
  }
});
