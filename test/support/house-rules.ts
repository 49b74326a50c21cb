import { posix } from 'node:path';
import ts from 'typescript';
import { folderOf, importsOf, visit } from './source-rules.ts';

/** How many source files may lie side by side in one folder: more is no room, it is a hall. */
export const ROOM_FILES_MAX = 20;

/** Which of `sources` each source imports, types included; packages and other files are left out. */
export function importGraph(sources: readonly ts.SourceFile[]): Map<string, readonly string[]> {
  const paths = new Set(sources.map(({ fileName }) => fileName));
  return new Map(
    sources.map((source) => {
      const folder = posix.dirname(source.fileName);
      const targets = importsOf(source).map((specifier) => posix.join(folder, specifier));
      return [source.fileName, targets.filter((target) => paths.has(target))];
    }),
  );
}

/**
 * Files that import each other in a circle, one sentence a circle: two files that each need the other
 * cannot be read, tested or moved one at a time. The circles are the strongly connected components of
 * the imports (Tarjan, "Depth-first search and linear graph algorithms", 1972).
 */
export function circleFindings(graph: ReadonlyMap<string, readonly string[]>): string[] {
  return new CircleSearch(graph)
    .run()
    .map((circle) => `import each other in a circle: ${circle.sort().join(', ')}`);
}

class CircleSearch {
  readonly #graph: ReadonlyMap<string, readonly string[]>;
  /** The order in which files were reached, and the earliest file on the stack that each leads to. */
  readonly #index = new Map<string, number>();
  readonly #low = new Map<string, number>();
  readonly #stack: string[] = [];
  readonly #found: string[][] = [];

  constructor(graph: ReadonlyMap<string, readonly string[]>) {
    this.#graph = graph;
  }

  run(): string[][] {
    for (const path of this.#graph.keys()) if (!this.#index.has(path)) this.#visit(path);
    return this.#found;
  }

  #visit(path: string): void {
    const index = this.#index.size;
    this.#index.set(path, index);
    this.#low.set(path, index);
    this.#stack.push(path);
    const targets = this.#graph.get(path) ?? [];
    for (const target of targets) this.#follow(path, target);
    if (this.#low.get(path) !== index) return;
    const component = this.#stack.splice(this.#stack.indexOf(path));
    if (component.length > 1 || targets.includes(path)) this.#found.push(component);
  }

  #follow(path: string, target: string): void {
    if (!this.#index.has(target)) {
      this.#visit(target);
      this.#lower(path, this.#low.get(target)!);
    } else if (this.#stack.includes(target)) {
      this.#lower(path, this.#index.get(target)!);
    }
  }

  #lower(path: string, index: number): void {
    this.#low.set(path, Math.min(this.#low.get(path)!, index));
  }
}

/** Folders in which more source files lie side by side than `filesMax`. */
export function roomFindings(paths: Iterable<string>, filesMax: number): string[] {
  const counts = new Map<string, number>();
  for (const path of paths) {
    const folder = posix.dirname(path);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, files]) => files > filesMax)
    .map(([folder, files]) => `${folder}/: ${files} files side by side; give them rooms`);
}

/**
 * Names that two files export for different things: whoever reads such a name must look where it came
 * from. The names in `shared` are exported by several files on purpose.
 */
export function nameTwiceFindings(
  sources: readonly ts.SourceFile[],
  shared: ReadonlySet<string>,
): string[] {
  const homes = new Map<string, Set<string>>();
  for (const source of sources) {
    for (const name of declaredExports(source)) {
      const paths = homes.get(name) ?? new Set();
      homes.set(name, paths.add(source.fileName));
    }
  }
  return [...homes]
    .filter(([name, paths]) => paths.size > 1 && !shared.has(name))
    .map(([name, paths]) => `${name} is exported by ${[...paths].sort().join(', ')}`);
}

/** What a file declares and exports; what it hands on from another file is declared there. */
function declaredExports(source: ts.SourceFile): string[] {
  return source.statements.flatMap((statement) => {
    if (!ts.canHaveModifiers(statement)) return [];
    const modifiers = ts.getModifiers(statement) ?? [];
    if (!modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.map(({ name }) => name.getText(source));
    }
    const { name } = statement as ts.DeclarationStatement;
    return name === undefined ? [] : [name.getText(source)];
  });
}

/** Folders whose numbers are the same on every machine that has the same seed. */
const SEEDED = ['core', 'control', 'network', 'simulation'];

/**
 * Powers in the seeded folders, of another base than 2. For them V8 asks the C library of the machine
 * (its option --use-std-math-pow), which rounds in its own way; powers of two are exact, and logarithms
 * are V8's own.
 */
export function powerFindings(source: ts.SourceFile): string[] {
  if (!SEEDED.includes(folderOf(source.fileName))) return [];
  const found: string[] = [];
  visit(source, (node) => {
    if (isPower(node))
      found.push(`${source.fileName}: ${node.getText(source)} is a power; multiply`);
  });
  return found;
}

function isPower(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node)) return node.getText() === 'Math.pow';
  if (!ts.isBinaryExpression(node)) return false;
  const { kind } = node.operatorToken;
  if (kind === ts.SyntaxKind.AsteriskAsteriskEqualsToken) return true;
  return kind === ts.SyntaxKind.AsteriskAsteriskToken && node.left.getText() !== '2';
}
