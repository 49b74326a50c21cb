import type { Deliveries, RecordingDocument } from '../../control/api/dashboard-documents.ts';
import type { Comparison } from '../../control/comparison-document.ts';
import {
  describeNearest,
  type DiagramChoice,
  drawStrip,
  factsOfRecording,
  type OpenedRecording,
  openRecording,
  roundsOf,
} from '../laboratory/diagram/run-diagram.ts';
import { answerQuestions } from './answer-questions.ts';

/** A run with what it is known by: the same key means the same recording. */
export interface DrawnRun {
  readonly key: string;
  readonly recording: RecordingDocument;
  readonly comparison: Comparison;
}

/** What the page asks of the worker that opens recordings and draws them. */
export type DiagramQuestion =
  | { readonly want: 'rounds'; readonly deliveries: Deliveries; readonly rounds: number }
  | { readonly want: 'facts'; readonly run: DrawnRun }
  | { readonly want: 'strip'; readonly run: DrawnRun; readonly choice: DiagramChoice }
  | {
      readonly want: 'nearest';
      readonly run: DrawnRun;
      readonly peer: number;
      readonly atUs: number;
      readonly reachUs: number;
    };

/** Putting a recording on one axis takes longer than drawing it, and is done once. */
let last: { readonly key: string; readonly opened: OpenedRecording } | null = null;

function opened({ key, recording, comparison }: DrawnRun): OpenedRecording {
  if (last?.key !== key) last = { key, opened: openRecording(recording, comparison) };
  return last.opened;
}

answerQuestions((question: DiagramQuestion): unknown => {
  switch (question.want) {
    case 'rounds':
      return roundsOf(question.deliveries, question.rounds);
    case 'facts':
      return factsOfRecording(opened(question.run));
    case 'strip':
      return drawStrip(opened(question.run), question.choice);
    case 'nearest': {
      const { run, peer, atUs, reachUs } = question;
      return describeNearest(opened(run), peer, atUs, reachUs);
    }
  }
});
