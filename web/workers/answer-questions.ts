/**
 * The worker's end of ask-worker.ts: answers each question in turn, and says so where it could not. `buffersIn`
 * gives what of an answer is handed over instead of copied.
 */
export function answerQuestions<Answer>(
  answerTo: (question: never) => Answer,
  buffersIn: (answer: Answer) => readonly ArrayBuffer[] = () => [],
): void {
  addEventListener('message', ({ data }: MessageEvent<{ id: number; question: never }>) => {
    try {
      const answer = answerTo(data.question);
      postMessage({ id: data.id, answer }, { transfer: [...buffersIn(answer)] });
    } catch (error) {
      postMessage({ id: data.id, error: error instanceof Error ? error.message : String(error) });
    }
  });
}
