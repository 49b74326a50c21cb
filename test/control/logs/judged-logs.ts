import { expect, test } from '@jest/globals';
import { comparisonSchema, type Comparison } from '../../../control/comparison-document.ts';
import { compareLogs } from '../../../control/logs/compare-logs.ts';
import type { ToldOfLogs } from '../../../control/logs/told.ts';
import type { GuaranteeName } from '../../../core/guarantees.ts';
import type { Message } from './written-logs.ts';

export type Told = Partial<ToldOfLogs>;

export function tuples(messages: readonly Message[]): string {
  const cells = messages.map(([sender, number]) => {
    return `(${typeof sender === 'string' ? `'${sender}'` : sender}, ${number})`;
  });
  return `[${cells.join(', ')}]`;
}

export function compareTexts(
  texts: readonly string[],
  told: Told = {},
  names: readonly string[] = [],
) {
  const files = texts.map((text, log) => ({ name: names[log] ?? `log${log}.txt`, text }));
  return comparisonSchema.parse(compareLogs(files, told, 5));
}

export function compareMessages(
  logs: readonly (readonly Message[])[],
  told: Told = {},
  names: readonly string[] = [],
): Comparison {
  return compareTexts(logs.map(tuples), told, names);
}

/** `senders` x `messages` in turns, from `first` on. */
export function turns(
  senders: readonly (string | number)[],
  messages: number,
  first = 0,
): Message[] {
  return Array.from({ length: messages }, (_, number) =>
    senders.map((sender): Message => [sender, first + number]),
  ).flat();
}

export function without(log: readonly Message[], ...lost: readonly Message[]): Message[] {
  return log.filter(([s, n]) => !lost.some(([sender, number]) => s === sender && n === number));
}

/** The guarantees that are broken, and those that were not judged. */
export function verdicts({ guarantees }: Comparison) {
  const those = (held: boolean | null) =>
    Object.entries(guarantees).flatMap(([name, verdict]) => (verdict.held === held ? [name] : []));
  return { broken: those(false), open: those(null) };
}

export const rounds = ({ unorderedRounds, rounds: all }: Comparison) => [unorderedRounds, all];
export const notes = ({ reading }: Comparison) => reading!.notes.join('\n');

/** Three senders with four messages each, in turns. */
export const ALL = turns([0, 1, 2], 4);
/** The same with two messages the other way round, as one peer may have delivered them: 2 of 12 rounds. */
export const OTHER_ORDER = [...ALL.slice(0, 4), ALL[5]!, ALL[4]!, ...ALL.slice(6)];

/** A log with a line, or whatever `write` gives, for each message. */
export function lines(
  write: (message: Message, place: number) => string,
  messages: readonly Message[] = ALL,
): string {
  return messages.map((message, place) => `${write(message, place)}\n`).join('');
}
export const LOST: GuaranteeName[] = ['agreement', 'uniformAgreement'];
export const ORDERS: GuaranteeName[] = ['fifo', 'causal', 'total', 'uniformTotal', 'gapFree'];

/** Logs with the verdicts that are right for them. */
export interface Example {
  what: string;
  logs: readonly (readonly Message[])[];
  told?: Told;
  names?: readonly string[];
  broken?: GuaranteeName[];
  /** Causal order is open unless said otherwise. */
  open?: GuaranteeName[];
  rounds: [unordered: number, all: number];
  notes?: RegExp;
  text?: string;
}

/** Makes a test of each example. */
export function testExamples(examples: readonly Example[]): void {
  test.each(examples)('$what', (example) => {
    const comparison = compareMessages(example.logs, example.told, example.names);
    const { broken = [], open = ['causal'] } = example;
    expect(verdicts(comparison)).toEqual({ broken, open });
    expect(rounds(comparison)).toEqual(example.rounds);
    if (example.notes) expect(notes(comparison)).toMatch(example.notes);
    const texts = Object.values(comparison.guarantees).map((each) => each.counterexample?.text);
    if (example.text) expect(texts.join('\n')).toContain(example.text);
  });
}
