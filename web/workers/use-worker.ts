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

export interface Answered<Answer> {
  /** The last answer; it stays until there is another. `null` so far, and where nothing is asked. */
  readonly answer: Answer | null;
  /** Why the last question had none; empty where it had. */
  readonly problem: string;
}

const NOTHING = { answer: null, problem: '' };

/** Asks `question` whenever it is another object; `null` asks nothing. */
export function useAnswer<Question, Answer>(
  asker: WorkerAsker<Question, Answer>,
  question: Question | null,
): Answered<Answer> {
  const [answered, setAnswered] = useState<Answered<Answer>>(NOTHING);
  useEffect(() => {
    if (question === null) return setAnswered(NOTHING);
    asker.ask(question).then(
      (answer) => {
        if (answer !== null) setAnswered({ answer, problem: '' });
      },
      (error: unknown) => setAnswered(({ answer }) => ({ answer, problem: messageFrom(error) })),
    );
  }, [asker, question]);
  return answered;
}
