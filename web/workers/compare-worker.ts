import type { ToldOfLogs } from '../../control/logs/told.ts';
import { compareFiles, type DroppedFile } from '../compare/compare-files.ts';
import { answerQuestions } from './answer-questions.ts';

/** What the page asks of the worker that reads logs. */
export interface CompareQuestion {
  readonly files: readonly DroppedFile[];
  readonly told: ToldOfLogs;
}

answerQuestions(({ files, told }: CompareQuestion) => compareFiles(files, told, Date.now()));
