/** What a field for a number takes. */
export interface NumberLimits {
  readonly min: number;
  readonly max: number;
  /** Whether parts of one count as well, as in 2.5 %. */
  readonly hasParts?: boolean;
}

/** What was made of a typed number. */
export interface TypedNumber {
  readonly value: number;
  /** Why that is not what was typed, and what is allowed; empty where it is. */
  readonly problem: string;
}

/** `text` as a number within `limits`: the nearest one, or `before` where it is none. */
export function readTypedNumber(text: string, before: number, limits: NumberLimits): TypedNumber {
  const { min, max, hasParts = false } = limits;
  const allowed = `allowed is ${hasParts ? 'a number' : 'a whole number'} from ${min} to ${max}`;
  const typed = Number(text);
  if (text.trim() === '' || Number.isNaN(typed)) {
    return { value: before, problem: `That was no number; ${allowed}` };
  }
  const value = Math.min(max, Math.max(min, hasParts ? typed : Math.round(typed)));
  return { value, problem: value === typed ? '' : `${text} was typed; ${allowed}` };
}
