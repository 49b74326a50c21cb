import { exitStatus } from './broken-guarantees.ts';
import type { Context, SiteOptions } from './context.ts';
import { renderSummary } from './render-comparison.ts';
import { createRunBody, describeResult, executeRun } from './run-command.ts';
import { openSite } from './site.ts';
import { wrap } from './table.ts';

export interface DemoOptions extends SiteOptions {
  readonly seed?: number;
}

const PEERS = 4;
const MESSAGES = 50;

const INTRODUCTION =
  `${PEERS} peers, each a process of its own, multicast ${MESSAGES} messages each to the others ` +
  'by UDP, at random intervals of 10 to 99 ms. Each peer delivers a message the moment it arrives ' +
  'and writes down the order. The distance between their zones is emulated on this machine. Will ' +
  'they agree on the order?';

/** `mpcomm demo`: one unordered run, with a few words before and after it. */
export async function demoCommand(context: Context, options: DemoOptions): Promise<number> {
  const { terminal } = context;
  terminal.note(`${wrap(INTRODUCTION, '')}\n`);
  const body = createRunBody(PEERS, MESSAGES, { ...options, ordering: 'unordered' });
  const site = await openSite(context, options, PEERS);
  try {
    const comparison = await executeRun(context, site, body);
    terminal.note('');
    terminal.data(renderSummary(comparison, terminal.paint));
    terminal.note(`\n${describeResult(site.directory, comparison)}\n`);
    terminal.note(nextSteps(comparison.seed));
    return exitStatus(comparison);
  } finally {
    await site.close();
  }
}

function nextSteps(seed: number | null): string {
  return [
    'What to try next',
    '  npx mpcomm show last                     every guarantee, with its first counterexample',
    "  npx mpcomm run 4 50 --ordering fifo      each sender's messages in order, losses recovered",
    '  npx mpcomm run 8 100                     the published experiment',
    `  npx mpcomm run 4 50 --seed ${String(seed ?? 1).padEnd(14)}the same intervals once more`,
    '  npx mpcomm up, then npx mpcomm console   a laboratory that stays up',
  ].join('\n');
}
