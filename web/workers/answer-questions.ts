/**
 * The worker's end of ask-worker.ts: answers each question in turn, and says so where it could not. `buffersIn`
 * gives what of an answer is handed over instead of copied.
 */
export function answerQuestions<Answer>(
  answerTo: (question: never) => Answer,
  buffersIn: (answer: Answer) => readonly ArrayBuffer[] = () => [],
): void {
  // An ordering that runs here later must not answer in its place, and so finds none (web/own/close-doors.ts).
  const tell = postMessage.bind(globalThis);
  addEventListener('message', ({ data }: MessageEvent<{ id: number; question: never }>) => {
    try {
      const answer = answerTo(data.question);
      tell({ id: data.id, answer }, { transfer: [...buffersIn(answer)] });
    } catch (error) {
      tell({ id: data.id, error: error instanceof Error ? error.message : String(error) });
    }
  });
}
