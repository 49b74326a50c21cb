import type { Worker } from 'node:worker_threads';
import { isOrderingFile } from '../../custom/load-ordering.ts';
import { startOrderingThread } from '../ordering/ordering-thread.ts';
import { answerFrom } from '../shell/answer-from.ts';
import { Failure } from '../shell/failure.ts';
import { type Paint, PLAIN } from '../shell/terminal.ts';
import { type GameOrigin, openGame } from './open-game.ts';
import { PlaySession, type Reply } from './play-session.ts';
import type { PlayWorkerAnswer, PlayWorkerData } from './play-worker.ts';

/** Where a game is played: a line in, a reply out. */
export interface PlayTable {
  /** The text that shows the table at the beginning. */
  readonly first: Reply;
  obey(line: string): Promise<Reply>;
  close(): Promise<void>;
}

/** The longest time of a step: a hundred times what any step takes that does not loop. */
const HANG_MS = 10_000;

/**
 * Opens the game where its ordering may run: the code of a file on a thread of its own, which can be ended;
 * a program is watched by its protocol, and orderings of the registry come back. Throws `Failure`.
 */
export async function openTable(
  origin: GameOrigin,
  paint: Paint,
  hangMs = HANG_MS,
): Promise<PlayTable> {
  const { source } = origin;
  const isProgram = source !== null && 'exec' in source;
  const mayLoop = source === null || (!isProgram && isOrderingFile(source.ordering));
  if (mayLoop && !isProgram) return WatchedTable.open(origin, paint === PLAIN, hangMs);
  const { game, ordering, introduction } = await openGame(origin);
  const session = new PlaySession(game, ordering, paint);
  return {
    first: session.begin(introduction),
    obey: (line) => Promise.resolve(session.obey(line)),
    close: () => Promise.resolve(),
  };
}

/** A game on a thread of its own. Where it does not come back, it is ended and begun again before that step. */
class WatchedTable implements PlayTable {
  readonly first: Reply;
  readonly #origin: GameOrigin;
  readonly #isPlain: boolean;
  readonly #hangMs: number;
  #worker: Worker;
  #last: Reply;

  private constructor(
    origin: GameOrigin,
    isPlain: boolean,
    hangMs: number,
    worker: Worker,
    first: Reply,
  ) {
    this.#origin = origin;
    this.#isPlain = isPlain;
    this.#hangMs = hangMs;
    this.#worker = worker;
    this.first = first;
    this.#last = first;
  }

  static async open(origin: GameOrigin, isPlain: boolean, hangMs: number): Promise<WatchedTable> {
    const worker = startWorker({ origin, isPlain, choices: null });
    // Loading, type stripping included, and a long game may take their time.
    const first = await replyOf(worker, hangMs * 6);
    if (first !== null) return new WatchedTable(origin, isPlain, hangMs, worker, first);
    await worker.terminate();
    throw new Failure(
      `the ordering did not come back within ${(hangMs * 6) / 1_000} s while the game was opened: it seems ` +
        'to loop without an end',
    );
  }

  async obey(line: string): Promise<Reply> {
    const reply = await replyOf(this.#worker, this.#hangMs, line);
    if (reply !== null) return (this.#last = reply);
    await this.#worker.terminate();
    const { choices } = this.#last;
    const again = { origin: this.#origin, isPlain: this.#isPlain, choices };
    this.#worker = startWorker(again);
    if ((await replyOf(this.#worker, this.#hangMs * 6)) === null) {
      throw new Failure('the ordering did not come back when the game was opened again');
    }
    const text =
      `Not done: the ordering did not come back within ${this.#hangMs / 1_000} s: it seems to loop without ` +
      'an end in that step. The game is where it was before.';
    return { ...this.#last, text, written: null };
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}

function startWorker(workerData: PlayWorkerData): Worker {
  return startOrderingThread(new URL('./play-worker.ts', import.meta.url), workerData);
}

/** The reply to `line`, or to the start; `null` where none comes in time. Throws `Failure`. */
async function replyOf(worker: Worker, waitMs: number, line?: string): Promise<Reply | null> {
  const late = AbortSignal.timeout(waitMs);
  try {
    const answer = await answerFrom<PlayWorkerAnswer>(worker, line, 'the thread of the game', late);
    if ('reply' in answer) return answer.reply;
    throw new Failure(answer.failure);
  } catch (error) {
    if (error === late.reason) return null;
    throw error;
  }
}
