import { compareLogs } from '../../control/logs/compare-logs.ts';
import type { DecodedLog } from '../../control/logs/decode-log.ts';
import { LogError } from '../../control/logs/text/log-text.ts';
import {
  spellUnprintable,
  spellUnprintableDeep,
  toPrintableJson,
} from '../../control/printable.ts';
import { renderComparison } from '../render/render-comparison.ts';
import type { Context } from '../shell/context.ts';
import { EXIT, Failure } from '../shell/failure.ts';
import { endAtOnceOnSignals } from '../shell/interruption.ts';
import { findSource, reasonOf, type LogSource, type NoSource } from './log-source.ts';
import { createPairThreads } from './pair-threads.ts';
import { readLogSource } from './read-log-source.ts';

export interface CompareOptions {
  readonly messages?: number;
  readonly first?: number;
  readonly senders?: readonly string[];
  readonly fields?: readonly [string, string];
  readonly crashed?: readonly string[];
  readonly oneRun?: boolean;
  readonly json?: boolean;
}

const FILES_MIN = 2;

/** `mpcomm compare`: 0 whatever the files disagree about, since no ordering declared anything. */
export async function compareCommand(
  { terminal, signal }: Context,
  words: readonly string[],
  options: CompareOptions,
): Promise<number> {
  const found = await Promise.all(words.map(findSource));
  const { sources, crashed } = splitWords(found, options.crashed ?? []);
  if (sources.length < FILES_MIN) {
    throw new Failure(
      `one file a peer, and at least ${FILES_MIN} of them: ${sources.length} given`,
    );
  }
  checkTwice(sources);
  const files = await Promise.all(sources.map((source) => readNamed(source, signal)));
  const { messages = null, first = null, senders = null, fields = null, oneRun = false } = options;
  // What follows is computed in one go, and takes minutes for the largest logs.
  endAtOnceOnSignals();
  const told = { messages, first, senders, fields, crashed: crashed.map(spellUnprintable), oneRun };
  const comparison = compareLogs(files, told, Date.now(), createPairThreads());
  const text = options.json
    ? toPrintableJson(comparison)
    : renderComparison(spellUnprintableDeep(comparison), terminal.paint);
  terminal.data(text);
  return EXIT.done;
}

/**
 * Parts files from further crashed peers: of `--crashed 1 2` the command line sees the 2 as a file, and
 * where there is no such file it can be told from one.
 */
function splitWords(found: readonly (LogSource | NoSource)[], crashed: readonly string[]) {
  const sources: LogSource[] = [];
  const peers = [...crashed];
  for (const each of found) {
    if ('open' in each) sources.push(each);
    else if (crashed.length > 0 && each.isMissing && /^[\d,]+$/.test(each.name)) {
      peers.push(...each.name.split(',').filter((word) => word !== ''));
    } else throw unreadable(each.name, each.reason);
  }
  return { sources, crashed: peers };
}

/** Refuses a file that was given twice, by whatever paths: it would be judged as two peers that agree. */
function checkTwice(sources: readonly LogSource[]): void {
  for (const [place, { name, identity }] of sources.entries()) {
    const before = sources.slice(0, place).find((other) => other.identity === identity);
    if (identity === null || before === undefined) continue;
    const these =
      before.name === name ? `${name} is given twice` : `${before.name} and ${name} are one file`;
    throw new Failure(`${these}; allowed is one file a peer`);
  }
}

async function readNamed(source: LogSource, signal: AbortSignal): Promise<DecodedLog> {
  try {
    return await readLogSource(source, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof LogError) throw error;
    throw unreadable(source.name, reasonOf(source.name, error));
  }
}

function unreadable(name: string, reason: string): Failure {
  return new Failure(`${name} cannot be read: ${reason}`);
}
