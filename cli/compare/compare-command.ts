import { readFile } from 'node:fs/promises';
import { compareLogs } from '../../control/logs/compare-logs.ts';
import type { LogFile } from '../../control/logs/text/log-text.ts';
import { renderComparison } from '../render/render-comparison.ts';
import type { Context } from '../shell/context.ts';
import { EXIT, Failure, messageOf } from '../shell/failure.ts';
import { decodeText } from './decode-text.ts';
import { createPairThreads } from './pair-threads.ts';

export interface CompareOptions {
  readonly messages?: number;
  readonly first?: number;
  readonly senders?: readonly string[];
  readonly fields?: readonly [string, string];
  readonly crashed?: readonly string[];
  readonly json?: boolean;
}

const FILES_MIN = 2;

/** `mpcomm compare`: 0 whatever the files disagree about, since no ordering declared anything. */
export async function compareCommand(
  { terminal }: Context,
  words: readonly string[],
  options: CompareOptions,
): Promise<number> {
  const read = await Promise.all(words.map((word) => readLogFile(word)));
  const { files, crashed } = splitWords(read, options.crashed ?? []);
  if (files.length < FILES_MIN) {
    throw new Failure(`one file a peer, and at least ${FILES_MIN} of them: ${files.length} given`);
  }
  const { messages = null, first = null, senders = null, fields = null } = options;
  const told = { messages, first, senders, fields, crashed };
  const comparison = compareLogs(files, told, Date.now(), createPairThreads());
  const text = options.json
    ? JSON.stringify(comparison, null, 2)
    : renderComparison(comparison, terminal.paint);
  terminal.data(text);
  return EXIT.done;
}

type ReadFile = LogFile | { readonly name: string; readonly error: unknown };

/**
 * Parts files from further crashed peers: of `--crashed 1 2` the command line sees the 2 as a file, and
 * where there is no such file it can be told from one.
 */
function splitWords(read: readonly ReadFile[], crashed: readonly string[]) {
  const files: LogFile[] = [];
  const peers = [...crashed];
  for (const file of read) {
    if ('text' in file) files.push(file);
    else if (crashed.length > 0 && isMissing(file.error) && /^[\d,]+$/.test(file.name)) {
      peers.push(...file.name.split(',').filter((word) => word !== ''));
    } else throw new Failure(`${file.name} cannot be read: ${messageOf(file.error)}`);
  }
  return { files, crashed: peers };
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}

async function readLogFile(name: string): Promise<ReadFile> {
  try {
    return { name, text: decodeText(await readFile(name)) };
  } catch (error) {
    return { name, error };
  }
}
