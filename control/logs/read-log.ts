import { chooseFields, type Fields } from './fields/choose-fields.ts';
import { timeNames } from './fields/field-names.ts';
import { isMessage, Sample, type Field } from './fields/sample.ts';
import type { Remarks, Take, ToldFields } from './forms/form.ts';
import { recogniseForm } from './forms/registry.ts';
import { LogColumns } from './log-columns.ts';
import { MessageReader } from './message-reader.ts';
import { plainName, type SenderNames } from './senders/sender-names.ts';
import { splitComposite } from './text/composite.ts';
import { LogText, type LogFile } from './text/log-text.ts';
import { CELL } from './text/row.ts';

/** A log as it was read. */
export interface ReadLog {
  readonly columns: LogColumns;
  /** Its first message, and by which fields it was read; `null` for a log without messages. */
  readonly first: FirstMessage | null;
}

export interface FirstMessage {
  readonly fields: Fields;
  /** The message as the log has it, or the beginning of it. */
  readonly text: string;
  /** Its sender and its number as the log writes them; `null` where it has none, as `b 3` has no sender. */
  readonly sender: string | null;
  readonly number: string | null;
  /** How many fields it has, without what tells when or what happened. */
  readonly width: number;
  /** Other fields that may be sender and number: the same sender and another whole number, or an identity that is both. */
  readonly otherPairs: readonly (readonly [sender: Field, number: Field])[];
  /** Whether two whole numbers stand behind its sender. */
  readonly isPairBehind: boolean;
  /** Whether it has nothing but whole numbers in square brackets. */
  readonly isListOfNumbers: boolean;
}

/** How much of a first message is shown. */
const SHOWN_CHARACTERS_MAX = 60;

/**
 * Reads one log in whatever form it is. `told` are the fields that count, if somebody told them.
 * @throws LogError that names the place of what cannot be read.
 */
export function readLog(file: LogFile, senders: SenderNames, told: ToldFields): ReadLog {
  const whole = new LogText(file);
  const recognised = recogniseForm(whole, told);
  if (recognised === null) return { columns: new LogColumns(whole), first: null };
  const { form, at, source, behind } = recognised;
  const columns = new LogColumns(source);
  const read = (take: Take): Remarks => {
    const remarks = form.read(source, at, take, told);
    return behind === null ? remarks : { ...remarks, what: `${remarks.what}, behind ${behind}` };
  };
  // What names no sender or no number, as of a program that starts, does not tell the fields of messages.
  const messages = new Sample(source);
  if (told === null) read((row) => !isMessage(row) || messages.add(row));
  const sample = messages.count > 0 ? messages : new Sample(source);
  if (sample !== messages) read((row) => sample.add(row));
  if (sample.count === 0) {
    columns.remarks = read(() => true);
    return { columns, first: null };
  }
  const fields = chooseFields(sample, told);
  const reader = new MessageReader(columns, senders, fields);
  const remarks = read((row) => reader.read(row));
  columns.remarks = { ...remarks, leftOut: remarks.leftOut + reader.leftOut };
  return { columns, first: firstMessage(sample, fields) };
}

function firstMessage(sample: Sample, fields: Fields): FirstMessage {
  const text = shorten(sample.source.text.slice(sample.at, sample.end));
  const [identity, numberText] = [sample.textOf(fields.sender), sample.textOf(fields.number)];
  const both = fields.sender === fields.number ? splitComposite(identity ?? '') : null;
  const [senderText, number] = both ?? [identity, numberText];
  const areNumbers = sample.first.every(({ kind }) => kind === CELL.whole);
  return {
    fields,
    text,
    sender: senderText === null ? null : plainName(senderText),
    number,
    width: sample.first.length - sample.preamble,
    otherPairs: otherPairs(sample, fields),
    isPairBehind:
      typeof fields.sender === 'number' &&
      [1, 2].every((step) => sample.first[Number(fields.sender) + step]?.kind === CELL.whole),
    isListOfNumbers: areNumbers && text.startsWith('['),
  };
}

function otherPairs(sample: Sample, { sender, number, happening }: Fields): [Field, Field][] {
  const known = [sender, number, happening, ...timeNames(sample.names)];
  return sample.names.flatMap((name): [Field, Field][] => {
    if (known.includes(name)) return [];
    if (sample.isWhole(name)) return [[sender, name]];
    return sample.isIdentity(name) ? [[name, name]] : [];
  });
}

function shorten(message: string): string {
  const line = message.trim().replace(/\s+/g, ' ');
  return line.length <= SHOWN_CHARACTERS_MAX ? line : `${line.slice(0, SHOWN_CHARACTERS_MAX)}...`;
}
