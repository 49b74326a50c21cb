import { readFile } from 'node:fs/promises';
import { compareSequenceFiles } from '../../control/logs/sequence-files.ts';
import type { Context } from '../shell/context.ts';
import { EXIT, Failure, messageOf } from '../shell/failure.ts';
import { renderComparison } from '../render/render-comparison.ts';

export interface CompareOptions {
  readonly messages?: number;
  readonly json?: boolean;
}

const FILES_MIN = 2;

/** `mpcomm compare`: 0 whatever the files disagree about, since no ordering declared anything. */
export async function compareCommand(
  { terminal }: Context,
  paths: readonly string[],
  options: CompareOptions,
): Promise<number> {
  if (paths.length < FILES_MIN) {
    throw new Failure(`one file a peer, and at least ${FILES_MIN} of them: ${paths.length} given`);
  }
  const files = await Promise.all(paths.map(readSequenceFile));
  const comparison = compareSequenceFiles(files, options.messages ?? null, Date.now());
  const text = options.json
    ? JSON.stringify(comparison, null, 2)
    : renderComparison(comparison, terminal.paint);
  terminal.data(text);
  return EXIT.done;
}

async function readSequenceFile(path: string): Promise<{ name: string; text: string }> {
  try {
    return { name: path, text: await readFile(path, 'utf8') };
  } catch (error) {
    throw new Failure(`${path} cannot be read: ${messageOf(error)}`);
  }
}
