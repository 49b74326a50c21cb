import { HAPPENING } from '../fields/happenings.ts';
import type { LogColumns } from '../log-columns.ts';
import type { SenderNames } from '../senders/sender-names.ts';
import { findDeliveries, textOf } from './refuse-doubtful.ts';

/** How many messages are looked at that several logs repeat; and besides them this number of others. */
const MESSAGES_LOOKED_AT = 500;

/**
 * Refuses logs in which something besides sender and number tells messages apart, such as an epoch, a view or a group with
 * which the numbers begin anew, or a code that says what happened: several logs repeat a message with other values there,
 * and with the same ones in each log. What belongs to a delivery, such as a time, is another one in each log; what a
 * message carries is the same where it is delivered again.
 * @throws LogError that names two lines.
 */
export function refuseToldApart(logs: readonly LogColumns[], senders: SenderNames): void {
  const apart = new Map<string, readonly [log: LogColumns, first: number, second: number]>();
  const ofDeliveries = new Set<string>();
  for (const rows of chooseMessages(logs)) {
    const words = rows.map((each, log) => each.map((row) => wordsOf(logs[log]!, row)));
    const names = new Set(words.flatMap((each) => each.flatMap((of) => [...of.keys()])));
    for (const name of names) {
      const values = words.map((each) => each.map((of) => of.get(name) ?? ''));
      const sizes = values.map((each) => new Set(each).size);
      if (new Set(values.flat()).size > Math.max(...sizes)) ofDeliveries.add(name);
      const log = sizes.findIndex((size) => size > 1);
      if (apart.has(name) || !sizes.some((size, other) => other > log && size > 1)) continue;
      const second = values[log]!.findIndex((value) => value !== values[log]![0]);
      apart.set(name, [logs[log]!, rows[log]![0]!, rows[log]![second]!]);
    }
  }
  for (const [name, [log, first, second]] of apart) {
    if (ofDeliveries.has(name) || logs.every((each) => doesGrow(each, name))) continue;
    const { source, places } = log;
    const [one, other] = [first, second].map((row) => wordsOf(log, row).get(name) ?? '');
    const behind = /^\d/.test(name) ? '' : ` behind "${name}"`;
    throw source.error(
      places[second]!,
      `this is message ${log.numbers[second]!} of sender ${senders.name(log.senders[second]!)} again, with "${other!}"${behind} ` +
        `and not the "${one!}" of ${source.position(places[first]!)}, as in other logs: it may be another message, or one of ` +
        'the two no delivery; allowed are messages that sender and number tell apart, as where the number has both values. ' +
        '--one-run judges repeated deliveries',
    );
  }
}

/** By message and log, the rows that deliver it: of messages that two logs repeat, and of others; none where no two logs do. */
function chooseMessages(logs: readonly LogColumns[]): Iterable<number[][]> {
  const repeated = new Map<string, number>();
  for (const log of logs) {
    const keys = findDeliveries(log).repeated.map((row) => keyOf(log, row));
    for (const key of new Set(keys)) repeated.set(key, (repeated.get(key) ?? 0) + 1);
  }
  const several = [...repeated.keys()].filter((key) => repeated.get(key)! > 1);
  const chosen = new Map<string, number[][]>();
  const choose = (key: string) =>
    chosen.set(
      key,
      logs.map(() => []),
    );
  several.slice(0, MESSAGES_LOOKED_AT).forEach(choose);
  const most = chosen.size + MESSAGES_LOOKED_AT;
  for (const [index, log] of several.length === 0 ? [] : logs.entries()) {
    for (let row = 0; row < log.length; row += 1) {
      if (log.happenings[row] !== HAPPENING.delivery) continue;
      const key = keyOf(log, row);
      if (!repeated.has(key) && !chosen.has(key) && chosen.size < most) choose(key);
      chosen.get(key)?.[index]!.push(row);
    }
  }
  return chosen.values();
}

function keyOf({ senders, numbers }: LogColumns, row: number): string {
  return `${senders[row]!} ${numbers[row]!}`;
}

/** The words and numbers that a log says of a message, by their places, and by the words before them. */
function wordsOf(log: LogColumns, row: number): Map<string, string> {
  const words = textOf(log, row).match(/[\p{L}\p{N}_]+/gu) ?? [];
  const found = new Map<string, string>();
  for (const [place, word] of words.entries()) {
    if (/^\p{L}/u.test(word) && !found.has(word)) found.set(word, words[place + 1] ?? '');
  }
  for (const [place, word] of words.entries()) found.set(String(place), word);
  return found;
}

/** Whether a number grows from line to line, as places and times do. */
function doesGrow(log: LogColumns, name: string): boolean {
  let last = -1;
  for (let row = 0; row < Math.min(log.length, MESSAGES_LOOKED_AT); row += 1) {
    const number = Number(wordsOf(log, row).get(name));
    if (!(number > last)) return false;
    last = number;
  }
  return true;
}
