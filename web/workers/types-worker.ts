import { findTypeErrors, type TypeFiles } from '../own/find-type-errors.ts';
import { answerQuestions } from './answer-questions.ts';

/** What an ordering may import, and TypeScript's declarations: cli/dashboard/build-web.ts puts them here. */
declare const TYPE_FILES: TypeFiles;

/** What the page asks of the worker that checks types. */
export interface TypesQuestion {
  readonly text: string;
}

answerQuestions(({ text }: TypesQuestion) => findTypeErrors(text, TYPE_FILES));
