import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { playCommand, type PlayOptions } from '../../../cli/play/play-command.ts';
import { recordedContext } from '../../support/recorded-context.ts';

/**
 * Games that were played to their end, each in a file beside this one: what was typed, and what came of it. The first line
 * says how the game is begun; the lines behind a ">" and the remarks behind a "#" are what is typed.
 *
 * MPCOMM_REWRITE=1 npm run jest -- play/transcripts plays them again and writes them anew; a new one is a file with the
 * commands alone. Whoever reviews a change reads the difference.
 */
const REWRITES = process.env['MPCOMM_REWRITE'] === '1';
const FOLDER = join(import.meta.dirname, 'transcripts');

/** Plays what is typed in a transcript, and gives it with what comes of it. */
async function playAgain(transcript: string): Promise<string> {
  const lines = transcript.split('\n');
  const typed = lines.slice(1).filter((line) => line.startsWith('> ') || line.startsWith('#'));
  const { context, data } = recordedContext();
  const input = Readable.from([typed.map((line) => `${line.replace(/^> /, '')}\n`).join('')]);
  const status = await playCommand(context, optionsOf(lines[0]!), input);
  return `${lines[0]!}\n${data.join('\n')}\n\n(status ${status})\n`;
}

function optionsOf(first: string): PlayOptions {
  const [, ordering, rest] = /^\$ mpcomm play (\S+)(.*)$/.exec(first)!;
  const peers = /--peers (\d+)/.exec(rest!)?.[1];
  return {
    ordering: ordering!,
    state: FOLDER,
    ...(peers !== undefined && { peers: Number(peers) }),
    ...(rest!.includes('--reliable') && { reliable: true }),
  };
}

test.each(readdirSync(FOLDER))('%s is as it was read', async (name) => {
  const file = join(FOLDER, name);
  const transcript = readFileSync(file, 'utf8');
  const again = await playAgain(transcript);
  if (REWRITES) writeFileSync(file, again);
  expect(readFileSync(file, 'utf8')).toBe(again);
});
