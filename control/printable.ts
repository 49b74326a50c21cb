/**
 * The characters that may not be shown. What a peer wrote appears on terminals and in pages, where no
 * character may steer them (an escape sequence, a line break, a change of writing direction) or be half
 * a character.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const EACH_UNPRINTABLE = new RegExp(`${UNPRINTABLE.source}+`, 'gu');

export function isPrintable(text: string): boolean {
  return !UNPRINTABLE.test(text);
}

/** The text on one line, with a space for what cannot be printed, and at most `charactersMax` long. */
export function toPrintable(text: string, charactersMax: number): string {
  return text
    .replace(EACH_UNPRINTABLE, ' ')
    .trim()
    .slice(0, charactersMax)
    .replace(/\p{Cs}$/u, '');
}

/** Quotes a text that was never checked: short, and without anything that steers a terminal. */
export function quote(text: string, charactersMax: number): string {
  const cut = text.slice(0, charactersMax);
  return JSON.stringify(cut.replace(EACH_UNPRINTABLE, '\u{fffd}'));
}

/** The same value with every text in it printable, names of fields included. */
export function printableDeep<Value>(value: Value): Value {
  return clean(value) as Value;
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(EACH_UNPRINTABLE, '\u{fffd}');
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [clean(name), clean(part)]),
  );
}
