import { LIMITS } from '../../control/limits.ts';

/** What was made of a text about logs. */
export interface ToldText<Value> {
  /** What counts; as if nothing had been typed where that means nothing. */
  readonly value: Value;
  /** Why the text does not count, and what is allowed; empty where it does. */
  readonly problem: string;
}

/** The largest number of a first message, as the command line takes it. */
const FIRST_MAX = 999_999_999_999_999;

export function readToldMessages(text: string): ToldText<number | null> {
  return readWhole(text, 1, LIMITS.messagesMax);
}

export function readToldFirst(text: string): ToldText<number | null> {
  return readWhole(text, 0, FIRST_MAX);
}

/** Names with commas between them. */
export function readToldNames(text: string): ToldText<readonly string[]> {
  const names = text.split(',').map((name) => name.trim());
  return { value: names.filter((name) => name !== ''), problem: '' };
}

export function readToldFields(text: string): ToldText<readonly [string, string] | null> {
  const { value: names } = readToldNames(text);
  const [sender, number] = names;
  if (names.length === 0) return { value: null, problem: '' };
  if (names.length === 2 && sender && number && sender !== number) {
    return { value: [sender, number], problem: '' };
  }
  return unread(text, 'two fields, that of the sender and that of the number, such as port, clock');
}

function readWhole(text: string, min: number, max: number): ToldText<number | null> {
  if (text.trim() === '') return { value: null, problem: '' };
  const value = /^\d{1,15}$/.test(text.trim()) ? Number(text) : NaN;
  if (value >= min && value <= max) return { value, problem: '' };
  return unread(text, `a whole number from ${min} to ${max}`);
}

function unread(text: string, allowed: string): { readonly value: null; readonly problem: string } {
  return { value: null, problem: `"${text}" does not count; allowed: ${allowed}` };
}
