import { parentPort, workerData } from 'node:worker_threads';
import type { OrderingEntry } from '../../core/orderings/registry.ts';
import { parseChoice } from '../../simulation/choices/choice.ts';
import { findingOfLate, LateErrors } from '../ordering/late-errors.ts';
import { spareProcess } from '../ordering/spare-process.ts';
import { wrap } from '../render/table.ts';
import { messageOf } from '../shell/failure.ts';
import { COLOURED, PLAIN } from '../shell/terminal.ts';
import { type GameOrigin, openGame, resumeGame } from './open-game.ts';
import { PlaySession, type Reply } from './play-session.ts';

/** What the thread is started with. */
export interface PlayWorkerData {
  readonly origin: GameOrigin;
  readonly isPlain: boolean;
  /** Where to take up a game that was ended; `null` to begin it. */
  readonly choices: readonly string[] | null;
}

/** The answer to a line, and first of all to being started. */
export type PlayWorkerAnswer = { readonly reply: Reply } | { readonly failure: string };

/** Says with a reply what the ordering threw when none of its methods ran, in no step; from then on the game counts as broken. */
class LateInReplies {
  readonly #errors = new LateErrors();
  #wasThrown = false;

  async add(reply: Reply, entry: OrderingEntry): Promise<Reply> {
    const late = await this.#errors.take(true);
    if (late === null) return this.#wasThrown ? { ...reply, isBroken: true } : reply;
    this.#wasThrown = true;
    const [what, ...frames] = findingOfLate(entry, late).text.split('\n');
    const told = [reply.text, wrap(`BROKEN, and in no step: ${what}`, ''), ...frames].join('\n');
    return { ...reply, text: told, isBroken: true };
  }
}

async function main(port: NonNullable<typeof parentPort>): Promise<void> {
  spareProcess();
  const late = new LateInReplies();
  const { origin, isPlain, choices } = workerData as PlayWorkerData;
  const answer = (message: PlayWorkerAnswer): void => port.postMessage(message);
  try {
    const opened = await openGame(origin);
    const { game, ordering, introduction } =
      choices === null ? opened : resumeGame(opened, choices.map(parseChoice));
    const session = new PlaySession(game, ordering, isPlain ? PLAIN : COLOURED);
    const tell = async (reply: Reply): Promise<void> =>
      answer({ reply: await late.add(reply, game.entry) });
    port.on('message', (line: string) => void tell(session.obey(line)));
    await tell(session.begin(introduction));
  } catch (error) {
    answer({ failure: messageOf(error) });
  }
}

if (parentPort !== null) await main(parentPort);
