import type { MeasuredCell, MeasuredRun, OwnLatency } from '../../charts/measured-run.ts';
import type { PublishedResults } from '../../charts/published-results.ts';
import { medianOf, statisticsOf } from '../../charts/statistics.ts';
import { count } from '../render/table.ts';
import { nameCell, type Interval } from './cells.ts';
import type { GridData } from './grid-directory.ts';
import { markdownTable, meanAndDeviation, percentOf } from './markdown.ts';
import { countBroken } from './render-csv.ts';
import { renderPublished } from './render-published.ts';

export interface SummaryInput {
  readonly folder: string;
  readonly data: GridData;
  readonly cells: readonly MeasuredCell[];
  readonly published: PublishedResults;
  /** File names. */
  readonly charts: readonly string[];
}

/** The summary for a person: tables of mean ± standard deviation, as the published results have them. */
export function renderGridSummary(input: SummaryInput): string {
  const { folder, data, cells, published, charts } = input;
  const sections = [
    `# ${folder}`,
    renderIntroduction(data, cells),
    ...charts.map((name) => `![${name.replace(/\.svg$/, '').replaceAll('-', ' ')}](${name})`),
    ...renderAllTables(cells, data.parameters.measured.intervalsMs),
    renderCosts(cells),
    renderPublished(cells, published, data.parameters.network.kind === 'real'),
    renderTrouble(data, cells),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function renderIntroduction({ parameters }: GridData, cells: readonly MeasuredCell[]): string {
  const { measured, machine, project, versions, network, note } = parameters;
  const runs = cells.reduce((sum, cell) => sum + cell.runs.length, 0);
  const wanted = cells.length * measured.runs;
  const commit = project.commit === null ? '' : `, commit ${project.commit.slice(0, 12)}`;
  const changed = project.dirty === true ? ' with uncommitted changes' : '';
  return [
    `${runs} of ${wanted} runs: ${count(cells.length, 'cell')} of ${measured.runs}. Begun ` +
      `${parameters.createdAt}, mpcomm ${project.version}${commit}${changed}, Node ` +
      `${versions.node}, ${machine.cores} cores (${machine.platform}, ${machine.architecture}). ` +
      `Backend ${parameters.backend}; ${describeNetwork(network)}.` +
      (note === '' ? '' : ` ${note}`),
    '',
    'Everything in this file, summary.csv and the charts is made from parameters.json, runs.ndjson ' +
      'and failures.ndjson (where runs failed) by `npx mpcomm grid --summarise` and this folder. ' +
      'Such a grid is measured by:',
    '',
    `    ${parameters.command}`,
    '',
    '± is the standard deviation over the runs of a cell (divided by n - 1).',
  ].join('\n');
}

function describeNetwork({ kind, loss }: GridData['parameters']['network']): string {
  if (kind === 'real')
    return 'real UDP between machines in their zones; the cores are of who asked';
  return (
    'real UDP between processes on one machine, the distance between zones emulated; ' +
    `${percentOf(loss)} % of datagrams lost on purpose`
  );
}

/** With several intervals the rounds are no more what a grid is about: then their shares will do. */
function renderAllTables(cells: readonly MeasuredCell[], intervals: readonly Interval[]): string[] {
  const tables = intervals.map((interval) => renderTables(cells, interval));
  return tables.length === 1 ? tables[0]! : tables.flatMap((each) => each.slice(0, 2));
}

/** Rounds and published count: a row an ordering and number of peers, a column a number of messages. */
function renderTables(cells: readonly MeasuredCell[], interval: Interval): string[] {
  const chosen = cells.filter(({ intervalMs }) => sameInterval(intervalMs, interval));
  const messages = [...new Set(chosen.map((cell) => cell.messages))];
  const head = ['ordering', 'peers', ...messages.map((each) => `M = ${each}`)];
  const rowsOf = (show: (cell: MeasuredCell) => string): string[][] => {
    const keys = new Map(chosen.map((cell) => [`${cell.ordering} ${cell.peers}`, cell]));
    return [...keys.values()].map(({ ordering, peers }) => [
      ordering,
      String(peers),
      ...messages.map((each) => {
        const found = chosen.find(
          (cell) => cell.ordering === ordering && cell.peers === peers && cell.messages === each,
        );
        return found === undefined ? '–' : show(found);
      }),
    ]);
  };
  const every = `a multicast every ${interval.min} to ${interval.max} ms`;
  return [
    `## Unordered rounds, % of N x M (${every})`,
    markdownTable(
      head,
      rowsOf((cell) => show(cell, (run) => 100 * run.unorderedShare)),
    ),
    `## Unordered rounds (${every})`,
    markdownTable(
      head,
      rowsOf((cell) => show(cell, (run) => run.unorderedRounds)),
    ),
    `## Published count: unordered among the first M - 1 rounds, without the last log (${every})`,
    markdownTable(
      head,
      rowsOf((cell) => show(cell, (run) => run.publishedCount)),
    ),
  ];
}

function show(cell: MeasuredCell, value: (run: MeasuredRun) => number): string {
  return meanAndDeviation(statisticsOf(cell.runs.map(value)));
}

/** What an order costs, where a cell has the most messages. */
function renderCosts(cells: readonly MeasuredCell[]): string {
  const most = Math.max(...cells.map(({ messages }) => messages));
  const own = (cell: MeasuredCell, value: (latency: OwnLatency) => number): number[] =>
    cell.runs.flatMap(({ ownLatencies }) => ownLatencies.map(value));
  const rows = cells
    .filter(({ messages, runs }) => messages === most && runs.length > 0)
    .map((cell) => [
      cell.ordering,
      String(cell.peers),
      `${cell.intervalMs.min}-${cell.intervalMs.max}`,
      milliseconds(medianOf(own(cell, ({ p50 }) => p50))),
      milliseconds(medianOf(own(cell, ({ p90 }) => p90))),
      milliseconds(medianOf(own(cell, ({ p99 }) => p99))),
      milliseconds(statisticsOf(own(cell, ({ max }) => max))?.max ?? null),
      spread(cell, (run) => run.messagesPerMulticast),
      spread(cell, (run) => run.datagramsPerMulticast),
      spread(cell, (run) => run.bytesPerMulticast, 0),
      spread(cell, (run) => run.multicastsPerSecond, 0),
    ]);
  return [
    `## What it costs, M = ${most}`,
    '',
    'Own latency: milliseconds from a multicast to its delivery at its own sender. Each peer of each ' +
      'run has percentiles; shown is the median of those, and the longest of all. Messages are data ' +
      'and control, each destination counted, with acknowledgements and heartbeats; bytes are without ' +
      'IP and UDP headers.',
    '',
    markdownTable(
      [
        'ordering',
        'peers',
        'interval, ms',
        'own p50',
        'own p90',
        'own p99',
        'own max',
        'messages / multicast',
        'datagrams / multicast',
        'bytes / multicast',
        'multicasts / s',
      ],
      rows,
    ),
  ].join('\n');
}

function spread(
  cell: MeasuredCell,
  value: (run: MeasuredRun) => number | null,
  decimals = 1,
): string {
  return meanAndDeviation(statisticsOf(cell.runs.flatMap((run) => value(run) ?? [])), decimals);
}

function milliseconds(value: number | null): string {
  return value === null ? '–' : value.toFixed(value < 10 ? 1 : 0);
}

/** What a reader must know besides the means: cells that are not full, failures, broken promises. */
function renderTrouble({ parameters, failures }: GridData, cells: readonly MeasuredCell[]): string {
  const lines = cells.flatMap((cell) => {
    const missing = parameters.measured.runs - cell.runs.length;
    const broken = countBroken(cell.runs);
    const troubles = [
      ...(missing > 0 ? [`${missing} of ${parameters.measured.runs} runs are missing`] : []),
      ...(cell.failed > 0
        ? [
            `${count(cell.failed, 'failed run')}${describePreempted(failures, cell)}, kept in failures.ndjson ` +
              'and not counted',
          ]
        : []),
      ...(broken > 0
        ? [`${count(broken, 'run')} with a guarantee broken that the ordering declares`]
        : []),
    ];
    return troubles.length === 0 ? [] : [`- ${nameCell(cell)}: ${troubles.join('; ')}`];
  });
  const heading = '## What went wrong';
  if (lines.length === 0) {
    return `${heading}\n\nNothing: no run failed, and none broke what its ordering declares.`;
  }
  const reasons = [...new Set(failures.map(({ reason }) => `- ${reason}`))].slice(0, 10);
  const why = reasons.length === 0 ? '' : `\n\nReasons of failed runs:\n\n${reasons.join('\n')}`;
  return `${heading}\n\n${lines.join('\n')}${why}`;
}

/** Runs that lost a Spot machine, told apart from those that failed by themselves. */
function describePreempted(failures: GridData['failures'], cell: MeasuredCell): string {
  const name = nameCell(cell);
  const preempted = failures.filter(
    ({ cell: failed, cause }) => nameCell(failed) === name && cause === 'preempted',
  );
  return preempted.length === 0
    ? ''
    : `, ${preempted.length} of them because a machine was taken away`;
}

function sameInterval(first: Interval, second: Interval): boolean {
  return first.min === second.min && first.max === second.max;
}
