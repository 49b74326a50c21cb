import { useEffect, useMemo, useState } from 'preact/hooks';
import { messageFrom } from '../shared/message-from.ts';
import { askerOf, type WorkerAsker } from './ask-worker.ts';
import type { WorkerName } from './worker-files.ts';

/** A worker that lives as long as the component that asks it. */
export function useAsker<Question, Answer>(name: WorkerName): WorkerAsker<Question, Answer> {
  const asker = useMemo(() => askerOf<Question, Answer>(name), [name]);
  useEffect(() => () => asker.close(), [asker]);
  return asker;
}

export interface Answered<Question, Answer> {
  /** The last answer; it stays until there is another. `null` so far, and where nothing is asked. */
  readonly answer: Answer | null;
  /** The question that it is the answer to. */
  readonly of: Question | null;
  /** Why the last question had none; empty where it had. */
  readonly problem: string;
}

const NOTHING = { answer: null, of: null, problem: '' };

/** Asks `question` whenever it is another object; `null` asks nothing. */
export function useAnswer<Question, Answer>(
  asker: WorkerAsker<Question, Answer>,
  question: Question | null,
): Answered<Question, Answer> {
  const [answered, setAnswered] = useState<Answered<Question, Answer>>(NOTHING);
  useEffect(() => {
    if (question === null) return setAnswered(NOTHING);
    asker.ask(question).then(
      (answer) => {
        if (answer !== null) setAnswered({ answer, of: question, problem: '' });
      },
      (error: unknown) => setAnswered((before) => ({ ...before, problem: messageFrom(error) })),
    );
  }, [asker, question]);
  return answered;
}
