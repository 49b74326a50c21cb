import ts from 'typescript';
import { visit } from './source-rules.ts';

/** Where names of the registry may stand, by file, and why. */
export type Exceptions = Readonly<Record<string, string>>;

/**
 * Places where a source names orderings of the registry, which would be one more thing to change when one
 * is added: a string that is a name, a string that enumerates several, a table with several as keys.
 * Names in `guarantees` mean the guarantee where another guarantee stands beside them.
 */
export function orderingNameFindings(
  source: ts.SourceFile,
  orderings: readonly string[],
  guarantees: readonly string[],
): string[] {
  const names = new Set(orderings);
  const onlyGuarantees = new Set(guarantees.filter((name) => !names.has(name)));
  const found: string[] = [];
  visit(source, (node) => {
    const named = namesIn(node, names);
    if (named.length === 0 || isAmongGuarantees(node, onlyGuarantees)) return;
    const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
    found.push(`${source.fileName}:${line + 1}: names ${named.join(', ')}; ask the registry`);
  });
  return found;
}

/** Findings without those in the files of `exceptions`, and exceptions that excuse nothing any more. */
export function withoutExceptions(findings: readonly string[], exceptions: Exceptions): string[] {
  const fileOf = (finding: string): string => finding.slice(0, finding.indexOf(':'));
  const files = new Set(findings.map(fileOf));
  const idle = Object.keys(exceptions).filter((file) => !files.has(file));
  return [
    ...findings.filter((finding) => !exceptions[fileOf(finding)]?.trim()),
    ...idle.map((file) => `${file}: is listed as an exception and no longer is one`),
  ];
}

function namesIn(node: ts.Node, names: ReadonlySet<string>): string[] {
  if (ts.isObjectLiteralExpression(node)) {
    const keys = node.properties.flatMap(({ name }) =>
      name !== undefined && ts.isIdentifier(name) && names.has(name.text) ? [name.text] : [],
    );
    return keys.length > 1 ? keys : [];
  }
  if (!ts.isStringLiteralLike(node) && !ts.isTemplateHead(node)) return [];
  if (names.has(node.text)) return [node.text];
  const words = node.text.match(/[a-z][a-z-]*/g) ?? [];
  const enumerated = [...new Set(words)].filter((word) => names.has(word));
  return enumerated.length > 2 ? enumerated : [];
}

/** Whether the list, table or union that `node` is, or stands in, has a name that is a guarantee's alone. */
function isAmongGuarantees(node: ts.Node, onlyGuarantees: ReadonlySet<string>): boolean {
  for (let whole: ts.Node | undefined = node; whole !== undefined; whole = whole.parent) {
    const isList = ts.isArrayLiteralExpression(whole) || ts.isUnionTypeNode(whole);
    if (!isList && !ts.isObjectLiteralExpression(whole)) continue;
    const words = whole.getText().match(/\w+/g) ?? [];
    return words.some((word) => onlyGuarantees.has(word));
  }
  return false;
}
