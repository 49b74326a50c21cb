import { Archive, type ArchivedRun, type ArchiveOptions } from './archive.ts';
import type { Context } from '../shell/context.ts';
import { EXIT } from '../shell/failure.ts';
import { exitStatus } from '../run/broken-guarantees.ts';
import { type PictureOptions, wantsPictures, writePictures } from '../render/pictures.ts';
import { printComparison } from '../run/run-command.ts';
import { formatNumber, renderTable, type Column } from '../render/table.ts';
import { writeBalances } from '../render/write-balances.ts';

export interface ShowOptions extends ArchiveOptions, PictureOptions {
  readonly json?: boolean;
  /** A file for the picture of the balances. */
  readonly balances?: string;
}

export interface RunsOptions extends ShowOptions {
  readonly last: number;
}

const COLUMNS: readonly Column[] = [
  { heading: 'run', align: 'left' },
  { heading: 'backend', align: 'left' },
  { heading: 'ordering', align: 'left', charactersMax: 20 },
  { heading: 'peers', align: 'right' },
  { heading: 'messages', align: 'right' },
  { heading: 'state', align: 'left' },
  { heading: 'unordered rounds', align: 'right' },
];

/** `mpcomm runs`: the last runs, oldest first. */
export async function runsCommand(context: Context, options: RunsOptions): Promise<number> {
  const { terminal } = context;
  const archive = await Archive.open(context, options);
  try {
    const runs = await archive.lastRuns(options.last);
    if (options.json === true) {
      terminal.data(JSON.stringify(runs.map(summarize), null, 2));
    } else if (runs.length === 0) {
      terminal.note(`There are no runs in ${archive.place} yet. Try "npx mpcomm run 3 100".`);
    } else {
      terminal.data(renderTable(COLUMNS, runs.map(toRow), ''));
    }
    return EXIT.done;
  } finally {
    await archive.close();
  }
}

/** `mpcomm show`: the comparison of one run; the exit status is that of the run. */
export async function showCommand(
  context: Context,
  wanted: string,
  options: ShowOptions,
): Promise<number> {
  const archive = await Archive.open(context, options);
  try {
    const runId = await archive.find(wanted);
    const comparison = await archive.comparison(runId);
    await printComparison(context, archive, comparison, options.json ?? false);
    if (options.balances !== undefined) {
      await writeBalances(context.terminal, comparison, options.balances);
    }
    if (wantsPictures(options)) {
      const recording = await archive.recording(runId, comparison);
      await writePictures(context.terminal, options, comparison, recording);
    }
    return exitStatus(comparison);
  } finally {
    await archive.close();
  }
}

/** One run as data. */
function summarize({ runId, run, phase, comparison }: ArchivedRun) {
  return {
    runId,
    backend: run?.backend ?? comparison?.backend ?? null,
    ordering: run?.plan.ordering ?? comparison?.ordering ?? null,
    peers: run?.plan.members.length ?? comparison?.peers ?? null,
    messages: run?.plan.messages ?? comparison?.messages ?? null,
    state: phase,
    rounds: comparison?.rounds ?? null,
    unorderedRounds: comparison?.unorderedRounds ?? null,
  };
}

function toRow(archived: ArchivedRun): string[] {
  const run = summarize(archived);
  const { rounds, unorderedRounds } = run;
  return [
    run.runId,
    run.backend ?? '',
    run.ordering ?? '',
    String(run.peers ?? ''),
    run.messages === null ? '' : formatNumber(run.messages),
    run.state,
    rounds === null ? '-' : `${formatNumber(unorderedRounds!)} of ${formatNumber(rounds)}`,
  ];
}
