import { posix } from 'node:path';
import ts from 'typescript';
import { visit } from './source-rules.ts';

/** A comment, or a paragraph of a page, on one line: where it begins and what it says. */
export interface Prose {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

/** The comments of a source; line comments that follow each other count as one. */
export function commentsOf(source: ts.SourceFile): Prose[] {
  const { text, fileName } = source;
  const joined: [start: number, end: number][] = [];
  for (const { pos, end } of commentRanges(source)) {
    const last = joined.at(-1);
    const follows = last !== undefined && /^\n[ \t]*$/.test(text.slice(last[1], pos));
    if (follows && text.startsWith('//', pos) && text.startsWith('//', last[0])) last[1] = end;
    else joined.push([pos, end]);
  }
  return joined.map(([start, end]) => ({
    path: fileName,
    line: source.getLineAndCharacterOfPosition(start).line + 1,
    text: onOneLine(
      text.slice(start, end).replace(/^\s*(?:\/\*+|\/\/+|\*+(?!\/))|\*+\/\s*$/gm, ''),
    ),
  }));
}

interface Range {
  readonly pos: number;
  readonly end: number;
}

/** All comments of a source in their order: what looks like one and lies in no text, pattern or JSX. */
function commentRanges(source: ts.SourceFile): Range[] {
  const texts: Range[] = [];
  visit(source, (node) => {
    if (isText(node)) texts.push({ pos: node.getStart(source), end: node.end });
  });
  const comment = /\/\/[^\n]*|\/\*[^]*?\*\//g;
  const found: Range[] = [];
  let next = 0;
  for (let match = comment.exec(source.text); match; match = comment.exec(source.text)) {
    while (next < texts.length && texts[next]!.end <= match.index) next += 1;
    const text = texts[next];
    if (text !== undefined && text.pos <= match.index) comment.lastIndex = text.end;
    else found.push({ pos: match.index, end: comment.lastIndex });
  }
  return found;
}

function isText(node: ts.Node): boolean {
  return ts.isStringLiteralLike(node) || TEXTS.has(node.kind);
}

const TEXTS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.TemplateHead,
  ts.SyntaxKind.TemplateMiddle,
  ts.SyntaxKind.TemplateTail,
  ts.SyntaxKind.RegularExpressionLiteral,
  ts.SyntaxKind.JsxText,
]);

const CODE_BLOCK = /^ {0,3}(```|~~~)[\s\S]*?^ {0,3}\1[^\n]*$/gm;
const LIST_ITEM = String.raw`^[ \t]*[-*|] .*\n?(?:^ +\S.*\n)*`;
const PARAGRAPH = String.raw`(?:^(?![ \t]*$|[ \t]*[-*|] | {4}).*\n?)+`;

/** The paragraphs, list items and rows of tables of a Markdown page, without its blocks of code. */
export function paragraphsOf(path: string, markdown: string): Prose[] {
  const prose = markdown.replace(CODE_BLOCK, (block) => block.replace(/[^\n]/g, ''));
  return blocksOf(path, prose, new RegExp(`${PARAGRAPH}|${LIST_ITEM}`, 'gm'), /^[ \t]*[-*|] /);
}

/** The comments of a shell script or a YAML file, lines that follow each other as one. */
export function hashCommentsOf(path: string, text: string): Prose[] {
  return blocksOf(path, text, /(?:^[ \t]*#(?!!).*\n?)+/gm, /^[ \t]*#+/gm);
}

function blocksOf(path: string, text: string, block: RegExp, marks: RegExp): Prose[] {
  return [...text.matchAll(block)].map((match) => ({
    path,
    line: text.slice(0, match.index).split('\n').length,
    text: onOneLine(match[0].replace(marks, '')),
  }));
}

function onOneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

const QUANTITIES = 'many|much|few|little|often|rarely|seldom|late|early|soon|long|large|small|fast';
const WITHOUT_MEASURE = new RegExp(
  String.raw`\b(?:so|as|that) (?:${QUANTITIES})\b(?=(?<rest>[^.;:?!]*))`,
  'gi',
);
/** Words for degrees of time, whose consequence follows at once: "so late that it was lost". */
const OF_TIME = /^so (?:often|rarely|seldom|late|early|soon|long|fast)$/i;
const CONSEQUENCE_AT_ONCE = /^(?: an? \w+)? that\b/;
/** A multiple says of what: twice as many. */
const MULTIPLE = /\b(?:twice|half|quarter|third|times)(?: at (?:most|least))? $/i;

/**
 * Quantities that refer to nothing, so that the reader has to guess which number or time is meant. "So
 * many that" and "as many as" say it in the same sentence, and so does a multiple. "At most this many" is
 * fine as well: it speaks of the constant behind the comment.
 */
export function measureFindings({ path, line, text }: Prose): string[] {
  return [...text.matchAll(WITHOUT_MEASURE)]
    .filter(({ 0: found, index, groups }) => {
      const rest = groups!['rest']!;
      if (/\bas\b/.test(rest)) return false;
      if (hasConsequence(found, rest)) return false;
      return !MULTIPLE.test(text.slice(0, index));
    })
    .map(({ 0: found }) => `${path}:${line}: "${found}" refers to nothing; say how much that is`);
}

/** Whether a "that" behind "so" and a quantity says what comes of it; the one of "so that" does not. */
function hasConsequence(found: string, rest: string): boolean {
  if (OF_TIME.test(found)) return CONSEQUENCE_AT_ONCE.test(rest);
  return /^so /i.test(found) && /(?<!\bso )\bthat\b/.test(rest);
}

/**
 * How comments begin that lack a subject: "Longer than any answer takes.", "So far apart that none meet.",
 * "Wide enough for a line." The reader has to guess what takes longer, what lies apart and what is wide.
 */
const NO_SUBJECT = new RegExp(
  String.raw`^(?:So (?:${QUANTITIES}|far apart)|(?:Longer|Shorter|Larger|Smaller|Greater|Fewer|Less|Faster|Slower) than|\w+ enough)\b`,
);
/** "Of a sample." and "As in Group." say what a thing is of, or like, but not what it is. */
const ONLY_A_RELATION = /^(?:Of|As) (?:[^,.;:]|[.;:](?!\s|$))*(?:[.;:]|$)/;

/** Comments that begin without saying what they are about. */
export function subjectFindings({ path, line, text }: Prose): string[] {
  const found = NO_SUBJECT.exec(text) ?? ONLY_A_RELATION.exec(text);
  return found === null ? [] : [`${path}:${line}: "${found[0]}" has no subject; say what is meant`];
}

/** The words of a source outside its comments: names, and the words in its texts. */
export function wordsOf(source: ts.SourceFile): string[] {
  let [code, end] = ['', 0];
  for (const range of commentRanges(source)) {
    code += source.text.slice(end, range.pos);
    end = range.end;
  }
  return wordsIn(code + source.text.slice(end));
}

export function wordsIn(text: string): string[] {
  return text.match(/[\w$]+/g) ?? [];
}

const IN_BACKTICKS = /`([^`\n]+)`/g;
/** A name, or several joined by points, perhaps private, perhaps with the brackets of a call. */
const NAMES = /^#?[A-Za-z_$][\w$]*(?:\.#?[A-Za-z_$][\w$]*)*(?:\([^()]*\))?$/;
/** Words that only code has: with a capital in the middle or in front, or in capitals with underscores. */
const LIKE_CODE = /^(?:[a-z]\w*[A-Z]\w*|[A-Z][a-z]\w*|[A-Z]+_[A-Z_0-9]+)$/;
const SOURCE_FILE = /(?<![\w./<>{}*-])[a-z0-9]+(?:[./-][a-z0-9.-]+)*\.tsx?\b/g;

/**
 * Names of code in backticks that no source has any more, and files of ours (with or without backticks)
 * that are gone. `words` are those of all sources, `paths` those of all files; `foreign` are names of other
 * programs, and of files in examples.
 */
export function staleNameFindings(
  { path, line, text }: Prose,
  words: ReadonlySet<string>,
  paths: ReadonlySet<string>,
  foreign: ReadonlySet<string>,
): string[] {
  const names = [...text.matchAll(IN_BACKTICKS)]
    .map((match) => match[1]!)
    .filter((name) => NAMES.test(name) && !/\.tsx?$/.test(name))
    .flatMap((name) => partsOf(name).filter((part) => !words.has(part)));
  const files = (text.match(SOURCE_FILE) ?? []).filter((file) => !isOurs(file, path, paths));
  return [...new Set([...names, ...files])]
    .filter((name) => !foreign.has(name))
    .map((name) => `${path}:${line}: names ${name}, which is nowhere in the sources`);
}

/** The words of a name that must be somewhere: all of `a.b` and `a()`, and those that only code has. */
function partsOf(name: string): string[] {
  const parts = name.replace(/\(.*$/, '').replaceAll('#', '').split('.');
  if (parts.length > 1 || name.endsWith(')')) return parts;
  return parts.filter((part) => LIKE_CODE.test(part));
}

/** Whether a file has that path: from the root, from the folder of `path`, or from any other folder. */
function isOurs(file: string, path: string, paths: ReadonlySet<string>): boolean {
  if (paths.has(file) || paths.has(posix.join(posix.dirname(path), file))) return true;
  for (const other of paths) if (other.endsWith(`/${file}`)) return true;
  return false;
}
