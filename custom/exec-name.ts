import { createHash } from 'node:crypto';

/** The most characters of a name, and how many of these tell apart what is shortened to it. */
const NAME_CHARACTERS_MAX = 35;
const DIGEST_CHARACTERS = 6;

/** Options behind which the program stands, of which nothing need be said. */
const INTRODUCING: ReadonlySet<string> = new Set(['-jar', '-m']);

/**
 * A name for the program of a command line, by which its counterexamples are kept: that of its file, without what
 * interprets it, and then all other words, as they make it another program. From `python3.11 "path/My lamport.py" --fast` to
 * `my-lamport-fast`.
 */
export function nameOfCommand(command: string): string {
  const words = wordsOf(command);
  const at = placeOfProgram(words);
  const before = words.slice(0, at).filter((word) => !INTRODUCING.has(word));
  const interpreter = before.findLastIndex((word) => !word.startsWith('-'));
  before.splice(Math.max(interpreter, 0), interpreter < 0 ? 0 : 1);
  const others = [...before, ...words.slice(at + 1)];
  const name = slugOf([programName(words, at), ...others].join(' '));
  if (name.length <= NAME_CHARACTERS_MAX) return name === '' ? 'program' : name;
  const digest = createHash('sha256').update(command).digest('hex').slice(0, DIGEST_CHARACTERS);
  return `${name.slice(0, NAME_CHARACTERS_MAX - DIGEST_CHARACTERS - 1)}-${digest}`;
}

/** The words of a command line, of which quotes make one, without the quotes. */
function wordsOf(command: string): string[] {
  const words = command.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  return words.map((word) => word.replaceAll(/["']/g, ''));
}

/** Which word says what runs: the one behind `-m` or `-jar`, the first with the ending of a file, or the first of all. */
function placeOfProgram(words: readonly string[]): number {
  const introduced = words.findIndex((word) => INTRODUCING.has(word)) + 1;
  if (introduced > 0 && introduced < words.length) return introduced;
  // An ending begins with a letter: that of python3.11 is a version.
  return Math.max(
    words.findIndex((word) => /\.[a-z][a-z0-9]*$/i.test(word)),
    0,
  );
}

/** The name of a file without its folder and ending; a module of Python, whose dots separate, whole. */
function programName(words: readonly string[], at: number): string {
  const word = words[at] ?? '';
  if (words[at - 1] === '-m') return word;
  return word.slice(word.lastIndexOf('/') + 1).replace(/\.[a-z][a-z0-9]*$/i, '');
}

function slugOf(text: string): string {
  const dashed = text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return dashed.replaceAll(/^[^a-z]+|-+$/g, '');
}
