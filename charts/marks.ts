import type { Markish } from '@observablehq/plot';
import type { MeasuredCell } from './measured-run.ts';
import { seriesStyle, variable } from './palette.ts';
import type { PlotModule } from './plot-body.ts';

/** A point of a series, with the least and the most that its value was. */
export interface SpreadPoint {
  readonly x: number;
  readonly y: number;
  readonly low: number;
  readonly high: number;
}

/** A series as its style draws it: a line through the means, their spread upright, a symbol on each. */
export function spreadSeries(
  Plot: PlotModule,
  points: readonly SpreadPoint[],
  series: number,
): Markish[] {
  const { colour, dash, symbol, hollow } = seriesStyle(series);
  return [
    Plot.line(points, {
      x: 'x',
      y: 'y',
      stroke: colour,
      strokeWidth: 2,
      ...(dash === '' ? {} : { strokeDasharray: dash }),
    }),
    Plot.ruleX(points, { x: 'x', y1: 'low', y2: 'high', stroke: colour, strokeWidth: 2 }),
    Plot.dot(points, {
      x: 'x',
      y: 'y',
      symbol,
      r: 5,
      stroke: colour,
      strokeWidth: 1.8,
      fill: hollow ? variable('paper') : colour,
    }),
  ];
}

/** The values of a category, each once, in the order in which they are met. */
export function distinct<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values)];
}

/**
 * How many runs each mark stands for: "n = 10 runs", or "n = 8 to 10 runs" where cells have different
 * numbers. It does not break.
 */
export function runsOf(cells: readonly MeasuredCell[]): string {
  const numbers = cells.map(({ runs }) => runs.length);
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  const range = least === most ? String(most) : `${least} to ${most}`;
  return `n = ${range} runs`.replaceAll(' ', '\u00a0');
}

/** The cells with the longest of their intervals: the load at which an order is disturbed the least. */
export function ofLongestInterval(cells: readonly MeasuredCell[]): MeasuredCell[] {
  const longest = longestOf(cells);
  return cells.filter(
    ({ intervalMs }) => intervalMs.max === longest?.max && intervalMs.min === longest.min,
  );
}

/** Says which of several intervals `ofLongestInterval` kept, with a space before; empty where there is one. */
export function sayInterval(cells: readonly MeasuredCell[]): string {
  const longest = longestOf(cells);
  if (longest === null || ofLongestInterval(cells).length === cells.length) return '';
  return ` One message every ${longest.min} to ${longest.max} ms.`;
}

function longestOf(cells: readonly MeasuredCell[]): MeasuredCell['intervalMs'] | null {
  const intervals = cells.map(({ intervalMs }) => intervalMs);
  intervals.sort((one, other) => other.max - one.max || other.min - one.min);
  return intervals[0] ?? null;
}
