import { ORDERING_DEFAULT } from '../../core/orderings/registry.ts';
import type { MeasuredCell } from '../../charts/measured-run.ts';
import { publishedCell, type PublishedResults } from '../../charts/published-results.ts';
import { statisticsOf } from '../../charts/statistics.ts';
import { INTERVAL_MS_DEFAULT } from '../../control/limits.ts';
import { markdownTable, meanAndDeviation } from './markdown.ts';

const OUR_ZONES = {
  real: 'Our zones are real ones as well, of another day and with other machines.',
  emulated:
    'Our zones are emulated on one machine: the same intervals and zones, delays after measured ' +
    'latencies, no real network.',
} as const;

/** The published numbers beside ours; empty where a grid measured no cell of the published experiment. */
export function renderPublished(
  cells: readonly MeasuredCell[],
  published: PublishedResults,
  isReal: boolean,
): string {
  const rows = cells.flatMap((cell) => {
    const theirs = publishedCell(published, cell.peers, cell.messages);
    const isSame =
      cell.ordering === ORDERING_DEFAULT &&
      cell.intervalMs.min === INTERVAL_MS_DEFAULT.min &&
      cell.intervalMs.max === INTERVAL_MS_DEFAULT.max;
    if (!isSame || theirs === null || cell.runs.length === 0) return [];
    const share = statisticsOf(cell.runs.map(({ unorderedShare }) => 100 * unorderedShare));
    return [
      [
        String(cell.peers),
        String(cell.messages),
        meanAndDeviation(statisticsOf(theirs.unorderedRounds)),
        meanAndDeviation(statisticsOf(cell.runs.map(({ publishedCount }) => publishedCount))),
        `${cell.messages - 1}`,
        meanAndDeviation(statisticsOf(cell.runs.map(({ unorderedRounds }) => unorderedRounds))),
        `${cell.peers * cell.messages}`,
        meanAndDeviation(share),
      ],
    ];
  });
  if (rows.length === 0) return '';
  return [
    '## Published and ours',
    '',
    `${published.source}: ten runs a cell, peers in eight zones of Google Cloud, no coordination. The ` +
      'published count looks at the positions 0 to M - 2 only, of the N x M that there are, and never ' +
      'compares the log that arrived last: it can be M - 1 at most, and with two peers one log is left, ' +
      'which is compared with nothing, so that 0 is what it must print. The last three columns are the ' +
      'true figure: every round of every peer, with two peers as well. ' +
      OUR_ZONES[isReal ? 'real' : 'emulated'],
    '',
    markdownTable(
      [
        'N',
        'M',
        'published count, theirs',
        'the same count, ours',
        'of',
        'unordered rounds, ours',
        'of N x M',
        '%',
      ],
      rows,
    ),
  ].join('\n');
}
