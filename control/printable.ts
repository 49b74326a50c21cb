/**
 * The characters that may not be shown. What a peer wrote appears on terminals and in pages, where no
 * character may steer them (an escape sequence, a line break, a change of writing direction) or be half
 * a character.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const ONE_UNPRINTABLE = new RegExp(UNPRINTABLE.source, 'gu');
const EACH_UNPRINTABLE = new RegExp(`${UNPRINTABLE.source}+`, 'gu');
/** Lines and tabs belong to a message of several lines, which only its own author breaks. */
const UNPRINTABLE_IN_LINES = new RegExp(`(?![\\n\\t])${UNPRINTABLE.source}`, 'gu');

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

/**
 * The text with what cannot be printed written out, such as `\u001b`. Unlike a space for it, that keeps
 * names apart that differ in nothing else.
 */
export function spellUnprintable(text: string): string {
  return text.replace(ONE_UNPRINTABLE, spell);
}

/** The same for a text of several lines, which keeps its line feeds and tabs. */
export function spellInLines(text: string): string {
  return text.replace(UNPRINTABLE_IN_LINES, spell);
}

/** The value as indented JSON. It means the same as any other JSON of it, and steers no terminal. */
export function toPrintableJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(UNPRINTABLE_IN_LINES, (character) => {
    return character.split('').map(spell).join('');
  });
}

function spell(character: string): string {
  const digits = character.codePointAt(0)!.toString(16).padStart(4, '0');
  return digits.length === 4 ? `\\u${digits}` : `\\u{${digits}}`;
}

/** The same value with every text in it printable, names of fields included. */
export function printableDeep<Value>(value: Value): Value {
  return clean(value, (text) => text.replace(EACH_UNPRINTABLE, '\u{fffd}')) as Value;
}

/** The same, with what cannot be printed written out. */
export function spellUnprintableDeep<Value>(value: Value): Value {
  return clean(value, spellUnprintable) as Value;
}

function clean(value: unknown, mend: (text: string) => string): unknown {
  if (typeof value === 'string') return mend(value);
  if (Array.isArray(value)) return value.map((each) => clean(each, mend));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [mend(name), clean(part, mend)]),
  );
}
