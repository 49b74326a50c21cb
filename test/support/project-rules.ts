import { posix } from 'node:path';
import { folderOf, MAY_IMPORT } from './source-rules.ts';

/** Names that a convention outside this project spells its own way. */
const CONVENTIONAL =
  /^(?:README|CHANGELOG|CONTRIBUTING)\.md$|^LICENSE$|^Pulumi(?:\.[a-z0-9-]+)?\.yaml$/;
const KEBAB_CASE = /^\.?[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*$/;

/** Folders and files that are not in kebab-case. Measured results are named by who measured them. */
export function nameFindings(paths: Iterable<string>): string[] {
  return [...paths]
    .filter((path) => folderOf(path) !== 'results')
    .flatMap((path) => path.split('/').map((part) => [path, part] as const))
    .filter(([, part]) => !KEBAB_CASE.test(part) && !CONVENTIONAL.test(part))
    .map(([path, part]) => `${path}: ${part} is not in kebab-case`);
}

const HOME_FOLDERS = 'work|tmp|home|root|usr|opt|mnt|srv|Users|private|var';
const MACHINE_PATH = new RegExp(String.raw`(?<![\w.:/*)}\]-])/(?:${HOME_FOLDERS})/[\w.-]+`);
const REGISTRY_HOST =
  /\b(?:registry|npm|packages?|artifacts?|nexus)\.[a-z0-9.-]+\.(?:org|com|io|net|dev|cn)\b/i;
const PINNED_HOST = /"resolved":\s*"https?:/;

/**
 * Lines that hold only on the machine where they were written: absolute paths, and the host that
 * packages came from (also in the lockfile, which then works with one registry only).
 */
export function machineFindings(path: string, text: string): string[] {
  return text.split('\n').flatMap((line, index) => {
    const code = line.startsWith('#!') ? '' : line;
    const found = [MACHINE_PATH, REGISTRY_HOST, PINNED_HOST].flatMap(
      (rule) => rule.exec(code) ?? [],
    );
    return found.map((match) => `${path}:${index + 1}: ${match} is of one machine only`);
  });
}

/** A changelog in which the next release would announce nothing. */
export function changelogFindings(text: string): string[] {
  const sections = text.split(/^## /m).slice(1);
  const unreleased = sections.find((section) => /^Unreleased\s*$/m.test(section.split('\n')[0]!));
  if (unreleased === undefined) return ['CHANGELOG.md: has no section "## Unreleased"'];
  const lines = unreleased.split('\n').filter((line) => /^- \S/.test(line));
  return lines.length > 0 ? [] : ['CHANGELOG.md: nothing under "## Unreleased"'];
}

/** References of `folder`/tsconfig.json that the arrows do not allow: the compiler would let them pass. */
export function referenceFindings(folder: string, tsconfig: string): string[] {
  const allowed = MAY_IMPORT[folder];
  if (!allowed) return [`${folder}/tsconfig.json: folder ${folder}/ has no arrows in MAY_IMPORT`];
  return referencesOf(tsconfig)
    .map((reference) => posix.normalize(reference).replace(/^\.\.\//, ''))
    .filter((target) => !allowed.includes(target))
    .map((target) => `${folder}/tsconfig.json: references ${target}/ against the arrows`);
}

/** Folders with a tsconfig.json that the root's one leaves out: they would never be type-checked. */
export function unreferencedFindings(folders: Iterable<string>, rootTsconfig: string): string[] {
  const referenced = new Set(referencesOf(rootTsconfig));
  return [...folders]
    .filter((folder) => !referenced.has(folder))
    .map((folder) => `tsconfig.json: does not reference ${folder}/`);
}

function referencesOf(tsconfig: string): string[] {
  const parsed = JSON.parse(tsconfig) as { references?: { path: string }[] };
  return (parsed.references ?? []).map(({ path }) => path);
}

const LINK = /\[[^\]]*\]\(<?([^)>\s]+)>?(?:\s+"[^"]*")?\)/g;
const CODE_BLOCK = /^ {0,3}(```|~~~)[^\n]*\n[\s\S]*?^ {0,3}\1[^\n]*$/gm;

/** Relative links of one Markdown file that lead to nothing. `exists` takes a path from the root. */
export function linkFindings(
  path: string,
  text: string,
  exists: (path: string) => boolean,
): string[] {
  const targets = [...text.replace(CODE_BLOCK, '').matchAll(LINK)].map((match) => match[1]!);
  return targets
    .filter((target) => !/^(?:[a-z][a-z0-9+.-]*:|#)/i.test(target))
    .filter((target) => !exists(posix.join(posix.dirname(path), target.replace(/[#?].*$/, ''))))
    .map((target) => `${path}: links to ${target}, which does not exist`);
}

/** Links to a heading (`page.md#heading`, `#heading`) that the page does not have any more. */
export function headingFindings(
  path: string,
  text: string,
  read: (path: string) => string | undefined,
): string[] {
  const targets = [...text.replace(CODE_BLOCK, '').matchAll(LINK)].map((match) => match[1]!);
  return targets.flatMap((target) => {
    const [, page, heading] = /^([^:#]*)#(.+)$/.exec(target) ?? [];
    if (heading === undefined) return [];
    const other = page === '' ? text : read(posix.join(posix.dirname(path), page!));
    if (other === undefined || headingsOf(other).has(heading)) return [];
    return [`${path}: links to ${target}, and there is no such heading`];
  });
}

/** The anchors of a page's headings, as GitHub makes them: small letters, hyphens, no punctuation. */
function headingsOf(text: string): Set<string> {
  const headings = text.replace(CODE_BLOCK, '').matchAll(/^#+ +(.+)$/gm);
  return new Set(
    [...headings].map(([, title]) =>
      title!
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/** Decisions are numbered from 1 on, each number once, so that nobody looks for a page that is none. */
export function decisionFindings(paths: readonly string[]): string[] {
  const numbers = paths
    .flatMap((path) => /^docs\/decisions\/(\d+)-/.exec(path)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
  return numbers.flatMap((number, index) =>
    number === index + 1 ? [] : [`decision ${number} stands where ${index + 1} is expected`],
  );
}

const FOLDERS = [...Object.keys(MAY_IMPORT), 'docs'].join('|');
const MENTION = new RegExp(String.raw`(?<![\w./-])(?:${FOLDERS})/[\w./-]+\.(?:ts|js|md)\b`, 'g');

/** Files of the project that a text names in passing (in prose, code or comments) and that are gone. */
export function mentionFindings(
  path: string,
  text: string,
  exists: (path: string) => boolean,
): string[] {
  return [...new Set(text.match(MENTION) ?? [])]
    .filter((mention) => !exists(mention))
    .map((mention) => `${path}: names ${mention}, which does not exist`);
}

/** Commands of a page that run a source by whichever Node a reader has: one older than 24 does not know TypeScript. */
export function nodeFindings(path: string, text: string): string[] {
  const commands = text.match(/(?<!npx )\bnode (?:-\S+ )*[\w./-]+\.ts\b/g) ?? [];
  return commands.map(
    (command) => `${path}: runs ${command}; write npx node, which npm ci installs`,
  );
}
