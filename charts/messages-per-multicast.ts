import { ORDERINGS } from '../core/orderings/registry.ts';
import { frameChart } from './frame.ts';
import { distinct, runsOf } from './marks.ts';
import type { MeasuredCell } from './measured-run.ts';
import { describeLoad, representativeCells } from './own-latency.ts';
import { variable } from './palette.ts';
import { plotBody } from './plot-body.ts';
import { statisticsOf } from './statistics.ts';

const ROW_PX = 27;
const PANELS_MAX = 2;

/**
 * Draws how many messages a multicast takes, beside what theory says of an isolated one. `null` for a grid of
 * one ordering.
 */
export async function drawMessagesPerMulticast(
  cells: readonly MeasuredCell[],
  source: string,
): Promise<string | null> {
  const chosen = representativeCells(cells, PANELS_MAX);
  const rows = chosen.flatMap((cell) => rowOf(cell) ?? []);
  if (distinct(rows.map(({ ordering }) => ordering)).length < 2) return null;
  const order = [...new Map(rows.map(({ ordering, mean }) => [ordering, mean]))]
    .sort(([, first], [, second]) => first - second)
    .map(([ordering]) => ordering);
  const at = { fx: 'panel', y: 'ordering' } as const;
  const theory = rows.flatMap((row) => (row.theory === null ? [] : [{ ...row, x: row.theory }]));
  const body = await plotBody(70 + 24 + order.length * ROW_PX, (Plot) => ({
    marginLeft: 132,
    marginTop: 34,
    fx: { domain: distinct(rows.map(({ panel }) => panel)), label: null, padding: 0.14 },
    x: {
      label: 'messages a multicast',
      labelAnchor: 'center',
      labelArrow: 'none',
      grid: true,
      zero: true,
    },
    y: { domain: order, label: null, tickSize: 0, padding: 0.25 },
    marks: [
      Plot.axisFx({ anchor: 'top', fontWeight: 700 }),
      Plot.ruleY(theory, { ...at, x1: 'x', x2: 'mean', stroke: variable('faint'), strokeWidth: 5 }),
      Plot.tickX(theory, { ...at, x: 'x', stroke: variable('series-1'), strokeWidth: 3 }),
      Plot.ruleY(rows, {
        ...at,
        x1: 'low',
        x2: 'high',
        stroke: variable('series-0'),
        strokeWidth: 2,
      }),
      Plot.dot(rows, { ...at, x: 'mean', r: 4.5, fill: variable('series-0') }),
      Plot.ruleX([0]),
    ],
  }));
  const words = {
    title: 'What an order costs the network: messages for one multicast',
    subtitle:
      `Messages that leave, each destination counted, over multicasts: mean of ${runsOf(chosen)}, and ` +
      'a line from the least to the most. Measured ones have acknowledgements, heartbeats and idle hops ' +
      `of a token, the formula has not; left of it, one message served several multicasts. ` +
      describeLoad(chosen[0]!),
    source,
    legend: [
      { label: 'measured', series: 0, mark: 'dot' as const },
      { label: 'formula for an isolated multicast', series: 1, mark: 'tick' as const },
    ],
  };
  return frameChart(words, body);
}

function rowOf({ ordering, peers, runs }: MeasuredCell) {
  const measured = statisticsOf(runs.flatMap((run) => run.messagesPerMulticast ?? []));
  if (measured === null) return null;
  return {
    ordering,
    panel: `${peers} peers`,
    mean: measured.mean,
    low: measured.min,
    high: measured.max,
    theory: ORDERINGS.get(ordering)?.theory.messages(peers) ?? null,
  };
}
