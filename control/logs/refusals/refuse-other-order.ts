import { HAPPENING } from '../fields/happenings.ts';
import type { LogColumns } from '../log-columns.ts';
import { textOf } from './refuse-doubtful.ts';

/** How many deliveries of a log are looked at, and fewer than how many fall, or rise, by chance. */
const [DELIVERIES_LOOKED_AT, DELIVERIES_MIN] = [100, 5];

/** A number, or a time, which is told from a number by a colon or thousandths in it, or by its length. */
const NUMBER = /(?<![\w.])\d[\d:.]*/g;
const TIME = /\d:\d|\.\d{3}|^\d{9,}$/;

/** A delivery of whom, and with which number of its line. */
interface Stamp {
  readonly message: string;
  readonly sender: number;
  readonly value: string;
}

/**
 * Refuses logs whose lines stand in another order than that of the deliveries, by a number that says so in each log: a time that
 * falls from each line to the next, where the newest one is first, or a time or a place that grows only from message to message
 * of one sender, where the lines are sorted by sender. What is the same in all logs is the message's own, such as when it was sent.
 * @throws LogError that says how the lines are sorted.
 */
export function refuseOtherOrder(logs: readonly LogColumns[]): void {
  const filled = logs.filter((log) => log.count(HAPPENING.delivery) >= DELIVERIES_MIN);
  const lines = filled.map(numbersOf);
  const width = Math.min(...lines.flat().map(({ values }) => values.length));
  for (let place = 0; filled.length > 1 && place < width; place += 1) {
    const stamps = lines.map((each) =>
      each.map((line) => ({ ...line, value: line.values[place]! })),
    );
    const isReversed = stamps.every(doesFall);
    if (!isReversed && !(stamps.every(isSorted) && doDiffer(stamps))) continue;
    const { source, places } = filled[0]!;
    throw source.error(
      places[0]!,
      `by the numbers such as ${stamps[0]![0]!.value}, the lines of each log ` +
        `${isReversed ? 'begin with the last delivery' : 'are sorted by sender'}; allowed are lines in the order of the ` +
        `deliveries, as ${isReversed ? 'tac' : 'sort'} makes them`,
    );
  }
}

function numbersOf(log: LogColumns) {
  const { senders, numbers, happenings } = log;
  const lines = [];
  for (let row = 0; row < log.length && lines.length < DELIVERIES_LOOKED_AT; row += 1) {
    if (happenings[row] !== HAPPENING.delivery) continue;
    const [sender, values] = [senders[row]!, textOf(log, row).match(NUMBER) ?? []];
    lines.push({ message: `${sender} ${numbers[row]!}`, sender, values });
  }
  return lines;
}

function doesFall(stamps: readonly Stamp[]): boolean {
  return stamps.every(({ value }, index) => {
    return TIME.test(value) && (index === 0 || isLess(value, stamps[index - 1]!.value));
  });
}

/** Whether all of each sender stand together and grow, and fall from some sender to the next. */
function isSorted(stamps: readonly Stamp[]): boolean {
  const groups = new Set(stamps.map(({ sender }) => sender)).size;
  let [changes, falls] = [1, 0];
  for (const [index, { sender, value }] of stamps.entries()) {
    const before = stamps[index - 1] ?? { sender, value: '' };
    const isGreater = index === 0 || isLess(before.value, value);
    if (sender !== before.sender) changes += 1;
    else if (!isGreater) return false;
    if (!isGreater) falls += 1;
  }
  return falls > 0 && changes === groups && stamps.length >= 2 * groups;
}

function doDiffer([first = [], ...others]: readonly (readonly Stamp[])[]): boolean {
  const values = new Map(first.map(({ message, value }) => [message, value]));
  return others.flat().some(({ message, value }) => (values.get(message) ?? value) !== value);
}

function isLess(one: string, other: string): boolean {
  const difference = Number(one) - Number(other);
  return Number.isNaN(difference) ? one < other : difference < 0;
}
