import { messageOf } from '../shell/failure.ts';
import type { FunctionName } from '../site/functions-client.ts';
import { checkOf, gather, ok, wrong, type Check } from './check.ts';

/** Two attempts of a function that is starting, with a token for each. */
const FUNCTION_MS_MAX = 60_000;

/** Asks a function something harmless; gives the status of its own answer. */
export type AskFunction = (name: FunctionName) => Promise<number>;

/**
 * Whether the functions answer this caller. They are asked by GET, which they refuse themselves (405)
 * and without effect: an answer of their own is what counts.
 */
export async function checkFunctions(ask: AskFunction, detail = 'answers'): Promise<Check[]> {
  const names: readonly FunctionName[] = ['run', 'exit'];
  return Promise.all(
    names.map(async (name) => {
      const line = `function ${name}`;
      return checkOf(line, await gather(() => ask(name), FUNCTION_MS_MAX), (status) =>
        status === 405
          ? ok(line, detail)
          : wrong(line, `answered ${status} where 405 was expected`, 'its log says why'),
      );
    }),
  );
}

/** Asks functions on this machine. */
export function askLocally(url: string): AskFunction {
  return async (name) => {
    try {
      const response = await fetch(`${url}/${name}`, { signal: AbortSignal.timeout(5_000) });
      await response.arrayBuffer();
      return response.status;
    } catch (error) {
      const cause = error instanceof Error ? (error.cause ?? error) : error;
      throw new Error(`${url} does not answer: ${messageOf(cause)}`, { cause: error });
    }
  };
}
