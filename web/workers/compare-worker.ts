import { compareFiles, type DroppedFile, type ToldOfFiles } from '../compare/compare-files.ts';
import { answerQuestions } from './answer-questions.ts';

/** What the page asks of the worker that reads logs. */
export interface CompareQuestion {
  readonly files: readonly DroppedFile[];
  readonly told: ToldOfFiles;
}

answerQuestions(({ files, told }: CompareQuestion) => compareFiles(files, told, Date.now()));
