/** The worker's end of ask-worker.ts: answers each question in turn, and says so where it could not. */
export function answerQuestions(answerTo: (question: never) => unknown): void {
  addEventListener('message', ({ data }: MessageEvent<{ id: number; question: never }>) => {
    try {
      postMessage({ id: data.id, answer: answerTo(data.question) });
    } catch (error) {
      postMessage({ id: data.id, error: error instanceof Error ? error.message : String(error) });
    }
  });
}
