import { Failure } from '../shell/failure.ts';

/** What `promise` gives; throws `Failure` with `sentence` when it does not within `msMax` milliseconds. */
export async function answerWithin<Result>(
  promise: Promise<Result>,
  msMax: number,
  sentence: string,
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Failure(sentence)), msMax);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
