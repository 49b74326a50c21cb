import { parseRunRequest } from '../../control/runs/run-request.ts';
import type { Comparison } from '../../control/comparison-document.ts';
import type { Workload } from '../../control/workload.ts';
import {
  createStateDirectory,
  writeWhole,
  type StateDirectory,
} from '../../local/state-directory.ts';
import { zonesForPeers } from '../../network/zones.ts';
import { ORDERING_NAMES } from '../../core/orderings/registry.ts';
import { brokenGuarantees, excusedGuarantees, exitStatus } from './broken-guarantees.ts';
import { describeLeaving } from './awaited-members.ts';
import type { Context, SiteOptions } from '../shell/context.ts';
import { EXIT, Failure, Interrupted, messageOf } from '../shell/failure.ts';
import { nameOfOrdering } from '../ordering/file-ordering.ts';
import { followRun, readPlan } from './follow-run.ts';
import { postRun, type RunBody } from '../site/functions-client.ts';
import { describeHoldingBack, describeIncomplete } from './incomplete-run.ts';
import { createProgressDisplay } from './progress.ts';
import { renderComparison } from '../render/render-comparison.ts';
import { openSite, type Site } from '../site/site.ts';
import { count, wrap } from '../render/table.ts';
import type { Terminal } from '../shell/terminal.ts';
import { fromHere } from '../render/from-here.ts';

export interface RunOptions extends SiteOptions {
  readonly seed?: number;
  readonly interval?: { readonly min: number; readonly max: number };
  readonly payload?: number;
  readonly workload?: Workload;
  /** Seconds. */
  readonly deadline?: number;
  /** Whether every event is recorded, for diagrams. */
  readonly record?: boolean;
  readonly json?: boolean;
}

/** `mpcomm run`: gives the exit status. */
export async function runCommand(
  context: Context,
  peers: number,
  messages: number,
  options: RunOptions,
): Promise<number> {
  const ordering = await nameOfOrdering(options.ordering);
  const body = createRunBody(peers, messages, { ...options, ...(ordering && { ordering }) });
  const site = await openSite(context, options, peers);
  try {
    const comparison = await executeRun(context, site, body);
    await printComparison(context, site, comparison, options.json ?? false);
    if (comparison.bank !== null) {
      const command = `mpcomm show ${comparison.runId} --balances balances.svg`;
      context.terminal.note(`Balances over time, as a picture: npx ${command}`);
    }
    return exitStatus(comparison);
  } finally {
    await site.close();
  }
}

/** The request for POST /run. Throws `Failure` when the function would refuse it anyway. */
export function createRunBody(peers: number, messages: number, options: RunOptions): RunBody {
  const { ordering, interval, payload, workload, deadline, seed, zones } = options;
  if (zones !== undefined && zones.length > peers) {
    throw new Failure(`--zones names ${zones.length} zones for ${peers} peers; at most one a peer`);
  }
  const body: RunBody = {
    peers,
    messages,
    ...(ordering !== undefined && { ordering }),
    ...(interval !== undefined && { intervalMs: interval }),
    ...(payload !== undefined && { payloadBytes: payload }),
    ...(workload !== undefined && { workload }),
    ...(deadline !== undefined && { deadlineMs: Math.round(deadline * 1_000) }),
    ...(seed !== undefined && { seed }),
    ...(options.record === true && { record: true }),
    ...(zones !== undefined && { zones: zonesForPeers(peers, zones) }),
  };
  // Only the laboratory's function can say whether it has an ordering that is in no registry.
  const names = ordering === undefined ? ORDERING_NAMES : [...ORDERING_NAMES, ordering];
  const parsed = parseRunRequest(body, names);
  if (parsed.valid) return body;
  const errors = parsed.errors.map((e) => `  ${e.field}: ${e.problem}; allowed: ${e.allowed}`);
  throw new Failure(`the run cannot be asked for:\n${errors.join('\n')}`);
}

/** Begins a run, shows its progress, gives its comparison, which is also kept as a file. */
export async function executeRun(
  { terminal }: Context,
  site: Site,
  body: RunBody,
): Promise<Comparison> {
  const runId = await postRun(site.url, body, site.signal);
  const plan = await readPlan(site.store, runId);
  const zones = plan.members.map(({ peerId, zone }) => `${peerId} in ${zone}`).slice(0, 8);
  const more = plan.members.length > zones.length ? ', ...' : '';
  terminal.note(
    `Run ${runId}: ${plan.members.length} peers x ${count(plan.messages, 'message')}, ` +
      `${plan.ordering}; ${zones.join(', ')}${more}`,
  );
  const display = createProgressDisplay(terminal);
  try {
    const show = display.show.bind(display);
    const comparison = await followRun(site, plan, show, site.signal, site.pollMs);
    await keepComparison(site.directory, comparison).catch((error: unknown) => {
      terminal.note(`The comparison is not kept as a file: ${messageOf(error)}`);
    });
    return comparison;
  } catch (error) {
    display.finish();
    const goesOn = error instanceof Interrupted && site.laboratory === null;
    if (goesOn) terminal.note(wrap(describeLeaving(plan), ''));
    throw error;
  } finally {
    display.finish();
  }
}

/** The comparison as data; with notes on what broke and where the raw result lies, if for a person. */
export async function printComparison(
  { terminal }: Context,
  site: Pick<Site, 'directory'>,
  comparison: Comparison,
  json: boolean,
): Promise<void> {
  if (json) {
    terminal.data(JSON.stringify(comparison, null, 2));
    noteIncomplete(terminal, comparison);
    return;
  }
  terminal.data(renderComparison(comparison, terminal.paint));
  terminal.note(`\n${describeResult(site.directory, comparison)}`);
  noteIncomplete(terminal, comparison);
  const broken = brokenGuarantees(comparison).join(', ');
  const excused = excusedGuarantees(comparison).join(', ');
  const { ordering } = comparison;
  if (broken !== '') terminal.note(`${ordering} declares ${broken}, and this run broke that.`);
  if (excused !== '') {
    terminal.note(
      `${ordering} declares ${excused} only while all peers live, and not all stayed to the end.`,
    );
  }
}

/** Says why the exit status is 2 for a run that has a comparison. */
export function noteIncomplete(terminal: Terminal, comparison: Comparison): void {
  if (exitStatus(comparison) === EXIT.failed) {
    terminal.note(`mpcomm: ${describeIncomplete(comparison)}.`);
    const held = describeHoldingBack(comparison);
    if (held !== null) terminal.note(wrap(`${held}.`, ''));
  }
}

/** Where a run's raw data and its comparison are to be found. */
export function describeResult(directory: StateDirectory, comparison: Comparison): string {
  const runId = comparison.runId ?? '';
  const kept = fromHere(directory.comparisonFile(runId));
  return comparison.backend === 'embedded'
    ? `Raw result: ${fromHere(directory.stateFile)}, documents runs/${runId} (what each peer ` +
        `delivered: its chunks)\nComparison: ${kept}`
    : `Raw result: documents runs/${runId} of ${whereOf(comparison)}\n` + `Comparison: ${kept}`;
}

function whereOf({ backend }: Comparison): string {
  return backend === 'gcp' ? 'Firestore' : `the ${backend} backend, while it is up`;
}

async function keepComparison(directory: StateDirectory, comparison: Comparison): Promise<void> {
  if (comparison.runId === null) return;
  await createStateDirectory(directory);
  const text = JSON.stringify(comparison, null, 2) + '\n';
  await writeWhole(directory.comparisonFile(comparison.runId), text);
}
