import { parentPort, workerData } from 'node:worker_threads';
import { parseChoice } from '../../simulation/choices/choice.ts';
import { messageOf } from '../shell/failure.ts';
import { spareProcess } from '../ordering/spare-process.ts';
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

async function main(port: NonNullable<typeof parentPort>): Promise<void> {
  spareProcess();
  const { origin, isPlain, choices } = workerData as PlayWorkerData;
  const answer = (message: PlayWorkerAnswer): void => port.postMessage(message);
  try {
    const opened = await openGame(origin);
    const { game, ordering, introduction } =
      choices === null ? opened : resumeGame(opened, choices.map(parseChoice));
    const session = new PlaySession(game, ordering, isPlain ? PLAIN : COLOURED);
    port.on('message', (line: string) => answer({ reply: session.obey(line) }));
    answer({ reply: session.begin(introduction) });
  } catch (error) {
    answer({ failure: messageOf(error) });
  }
}

if (parentPort !== null) await main(parentPort);
