import type { Comparison } from '../../control/comparison-document.ts';
import { exitStatus } from '../run/broken-guarantees.ts';
import type { Context, SiteOptions } from '../shell/context.ts';
import { renderSummary } from '../render/render-comparison.ts';
import { renderCure } from './render-cure.ts';
import { createRunBody, describeResult, executeRun, noteIncomplete } from '../run/run-command.ts';
import { openSite, type Site } from '../site/site.ts';
import { wrap } from '../render/table.ts';
import type { Terminal } from '../shell/terminal.ts';

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

const CURE =
  'Now the same once more, and one peer, the sequencer, gives every message its place: a peer ' +
  'delivers a message once its place is known, and a majority holds it.';

/** `mpcomm demo`: a run without an order and one with, and a few words around them. */
export async function demoCommand(
  context: Context,
  options: SiteOptions & { readonly seed?: number },
): Promise<number> {
  const { terminal } = context;
  terminal.note(`${wrap(INTRODUCTION, '')}\n`);
  const site = await openSite(context, options, PEERS);
  try {
    const body = createRunBody(PEERS, MESSAGES, {
      ...options,
      ordering: 'unordered',
      record: true,
    });
    const before = await executeRun(context, site, body);
    terminal.note('');
    terminal.data(renderSummary(before, terminal.paint));
    terminal.note(`\n${wrap(CURE, '')}\n`);
    const after = await executeRun(context, site, {
      ...body,
      ...seedOf(before),
      ordering: 'sequencer',
    });
    terminal.note('');
    terminal.data(renderCure(before, after, terminal.paint));
    terminal.note(`\n${describeResult(site.directory, before)}`);
    await drawPicture(terminal, site, before);
    for (const comparison of [before, after]) noteIncomplete(terminal, comparison);
    terminal.note(nextSteps(before));
    return Math.max(exitStatus(before), exitStatus(after));
  } finally {
    await site.close();
  }
}

/** Where the peers of the first run part, as a picture to open in a browser. */
async function drawPicture(terminal: Terminal, site: Site, before: Comparison): Promise<void> {
  // Loaded only now, so that the laboratory starts a tenth of a second sooner.
  const { recordingOf } = await import('../archive/read-recording.ts');
  const recording = await recordingOf(site.store, before);
  if (recording === null) return;
  const svg = site.directory.pictureFile(before.runId!);
  const { writePictures } = await import('../render/pictures.ts');
  await writePictures(terminal, { svg }, before, recording);
  terminal.note('(open it in a browser)\n');
}

/** Both runs draw the same intervals. */
function seedOf({ seed }: Comparison): { seed?: number } {
  return seed === null ? {} : { seed };
}

function nextSteps({ seed }: Comparison): string {
  return [
    'What to try next',
    '  npx mpcomm show last                     every guarantee of the last run, how it was judged',
    '  npx mpcomm run 4 50 --workload bank      four replicas of a bank, four different balances',
    '  npx mpcomm run 8 100                     one run of the published experiment',
    '  npx mpcomm run 4 50 --ordering lamport   another order; npx mpcomm orderings lists them',
    '  npx mpcomm check --ordering sequencer    thousands of simulated runs with faults',
    `  npx mpcomm run 4 50 --seed ${String(seed ?? 1).padEnd(14)}the same intervals once more`,
    '  npx mpcomm up, then npx mpcomm console   a laboratory that stays up',
    '  npx mpcomm dashboard                     all of it in your browser, these two runs as well',
  ].join('\n');
}
