import { posix } from 'node:path';
import ts from 'typescript';

/** The longest file and function, in lines, that need no entry in the table of exceptions. */
export const FILE_LINES_MAX = 300;
export const FUNCTION_LINES_MAX = 70;

const PRODUCT = ['core', 'control', 'network', 'simulation', 'gcp', 'backend', 'custom', 'charts'];
PRODUCT.push('svg', 'diagram', 'peer', 'functions', 'local', 'cli');
const TOOLS = ['bench', 'examples', 'scripts', 'test'];

/** What the two programs of a deployment, the daemon and the functions, stand on. */
const DEPLOYED = ['core', 'control', 'network', 'gcp', 'backend', 'custom'];

/**
 * The arrows: which folders each folder may import from, besides itself. Tools may use every product folder.
 */
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  control: ['core'],
  network: ['core', 'control'],
  simulation: ['core', 'control', 'network'],
  gcp: ['core', 'control'],
  backend: ['core', 'control', 'gcp'],
  custom: ['core'],
  svg: ['core'],
  charts: ['core', 'control', 'svg'],
  diagram: ['core', 'control', 'svg'],
  peer: DEPLOYED,
  functions: DEPLOYED.filter((folder) => folder !== 'network'),
  local: DEPLOYED,
  cli: PRODUCT.filter((folder) => folder !== 'cli'),
  // The page runs in a browser, and shows the examples as well. Nobody imports it but its tests and its build.
  web: [
    'core',
    'control',
    'network',
    'simulation',
    'custom',
    'svg',
    'charts',
    'diagram',
    'examples',
  ],
  ...Object.fromEntries(
    TOOLS.map((folder) => [folder, [...PRODUCT, 'web', 'scripts', 'examples']]),
  ),
  test: [...PRODUCT, 'web', 'scripts', 'examples', 'bench'],
};

/** The editor of the page, which is loaded when it is opened. */
const CODEMIRROR = ['commands', 'lang-javascript', 'language', 'lint', 'state', 'view'].map(
  (part) => `@codemirror/${part}`,
);

/** Packages that the pure folders may import; elsewhere package.json decides. */
const PURE_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  core: [],
  control: ['zod'],
  network: [],
  simulation: [],
  svg: [],
  diagram: [],
  // Bundled into what a browser loads: no package that is not meant for one, and nothing of Node.
  web: [
    'preact',
    '@preact/signals',
    'd3-selection',
    'd3-zoom',
    'typescript',
    'sucrase',
    '@lezer/highlight',
    ...CODEMIRROR,
  ],
};
/** Development packages that the product uses where they are, and says so where they are not. */
const USED_WHERE_INSTALLED = ['typescript', 'esbuild'];
const DETERMINISTIC = ['core', 'network', 'simulation', 'svg', 'diagram'];
const AMBIENT = new Set(['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask']);
for (const name of ['performance', 'process', 'crypto']) AMBIENT.add(name);

/** Parses one source file; `path` is relative to the project's root and uses slashes. */
export function parse(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}

/** The folder at the project's root that `path` lies in; '' for a file at the root itself. */
export function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : '';
}

/** Every module that the file names: imports, re-exports, `import()` and types by `import()`. */
export function importsOf(source: ts.SourceFile): string[] {
  const found: string[] = [];
  visit(source, (node) => {
    const specifier = specifierOf(node);
    if (specifier && ts.isStringLiteralLike(specifier)) found.push(specifier.text);
  });
  return found;
}

function specifierOf(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isImportTypeNode(node))
    return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
  if (!ts.isCallExpression(node)) return undefined;
  const { expression } = node;
  const loads = ts.isIdentifier(expression) && expression.text === 'require';
  return loads || expression.kind === ts.SyntaxKind.ImportKeyword ? node.arguments[0] : undefined;
}

/**
 * Imports against the arrows, packages that a pure folder may not use, and packages that a product
 * folder imports although an installation without development dependencies lacks them.
 */
export function importFindings(source: ts.SourceFile, dependencies: readonly string[]): string[] {
  const folder = folderOf(source.fileName);
  if (folder === '') return [];
  const allowed = MAY_IMPORT[folder];
  if (!allowed)
    return [`${source.fileName}: folder ${folder}/ has no arrows; add it to MAY_IMPORT`];
  return importsOf(source).flatMap((specifier) => {
    const problem = specifier.startsWith('.')
      ? arrowProblem(source.fileName, specifier, allowed)
      : packageProblem(folder, specifier, dependencies);
    return problem ? [`${source.fileName}: imports ${specifier}: ${problem}`] : [];
  });
}

function arrowProblem(
  path: string,
  specifier: string,
  allowed: readonly string[],
): string | undefined {
  const folder = folderOf(path);
  const target = folderOf(posix.join(posix.dirname(path), specifier));
  if (target === folder || allowed.includes(target)) return undefined;
  if (target === '' && TOOLS.includes(folder)) return undefined;
  return `${folder}/ may import from ${allowed.map((name) => `${name}/`).join(', ') || 'itself'} only`;
}

function packageProblem(
  folder: string,
  specifier: string,
  dependencies: readonly string[],
): string | undefined {
  const pure = PURE_PACKAGES[folder];
  const name = packageName(specifier);
  if (pure) {
    const list = pure.length > 0 ? `only ${pure.join(', ')}` : 'no package';
    return pure.includes(name) ? undefined : `${folder}/ may import ${list}`;
  }
  if (specifier.startsWith('node:') || TOOLS.includes(folder)) return undefined;
  if (USED_WHERE_INSTALLED.includes(name)) return undefined;
  return dependencies.includes(name) ? undefined : 'not among the dependencies of package.json';
}

/** `@scope/name` or `name`, without the path inside the package. */
export function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Clocks, timers, randomness and the environment in the folders whose runs must repeat exactly. */
export function determinismFindings(source: ts.SourceFile): string[] {
  if (!DETERMINISTIC.includes(folderOf(source.fileName))) return [];
  const found: string[] = [];
  visit(source, (node) => {
    const name = ambientUse(node);
    if (name) found.push(`${at(source, node)}: uses ${name}; take it as an argument`);
  });
  return found;
}

function ambientUse(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node)) {
    const text = node.getText();
    return text === 'Date.now' || text === 'Math.random' ? text : undefined;
  }
  if (ts.isNewExpression(node) || ts.isCallExpression(node)) {
    return node.expression.getText() === 'Date' ? 'Date' : undefined;
  }
  if (!ts.isIdentifier(node) || !AMBIENT.has(node.text)) return undefined;
  return isReference(node) ? node.text : undefined;
}

/** Whether the identifier is read as a variable, rather than naming a member or a declaration. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  return !('name' in parent && parent.name === node);
}

/**
 * Functions that a constructor of a pure folder makes and keeps in a field. Such closures held whole simulated runs
 * alive that were over (docs/performance-of-tools.md, "Large groups in the simulator"); an object or a method does the same.
 */
export function keptClosureFindings(source: ts.SourceFile): string[] {
  if (!['core', 'network', 'simulation'].includes(folderOf(source.fileName))) return [];
  const found: string[] = [];
  visit(source, (node) => {
    if (!ts.isBinaryExpression(node) || !ts.isPropertyAccessExpression(node.left)) return;
    const isKept = node.left.expression.kind === ts.SyntaxKind.ThisKeyword;
    const isFunction = ts.isArrowFunction(node.right) || ts.isFunctionExpression(node.right);
    if (isKept && isFunction)
      found.push(`${source.fileName}: keeps a closure, ${node.left.getText(source)}`);
  });
  return found;
}

/**
 * Functions longer than `linesMax`, as [`path#name`, lines]. What describes a group of tests is a
 * chapter and not a function: the callback of a `describe`, and a test's function named so.
 */
export function longFunctions(source: ts.SourceFile, linesMax: number): [string, number][] {
  const found: [string, number][] = [];
  visit(source, (node) => {
    if (!ts.isFunctionLike(node) || !('body' in node) || !node.body || isDescribe(node)) return;
    const lines = lineOf(source, node.getEnd()) - lineOf(source, node.getStart()) + 1;
    if (lines > linesMax) found.push([`${source.fileName}#${functionName(node)}`, lines]);
  });
  return found;
}

function isDescribe(node: ts.SignatureDeclaration): boolean {
  const called = ts.isCallExpression(node.parent) ? node.parent.expression.getText() : '';
  const inTest = folderOf(node.getSourceFile().fileName) === 'test';
  return /^describe\b/.test(called) || (inTest && /^describe[A-Z]/.test(functionName(node)));
}

function functionName(node: ts.SignatureDeclaration): string {
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  if (node.name) return node.name.getText();
  const { parent } = node;
  if (ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent))
    return parent.name.getText();
  const title = ts.isCallExpression(parent) ? parent.arguments[0] : undefined;
  return title && ts.isStringLiteralLike(title) ? title.text : 'anonymous';
}

/** How many lines the file has, without counting the end of the last one as another. */
export function linesOf(source: ts.SourceFile): number {
  return source.text.trimEnd().split('\n').length;
}

/**
 * Sizes that no exception covers, and exceptions that cover nothing: [what, lines] for all that is
 * too long, against the table of reasons.
 */
export function sizeFindings(
  tooLong: readonly (readonly [string, number])[],
  exceptions: Readonly<Record<string, string>>,
): string[] {
  const names = new Set(tooLong.map(([name]) => name));
  return [
    ...tooLong
      .filter(([name]) => !exceptions[name]?.trim())
      .map(([name, lines]) => `${name}: ${lines} lines; split it, or state the reason`),
    ...Object.keys(exceptions)
      .filter((name) => !names.has(name))
      .map((name) => `${name}: is listed as an exception and no longer is one`),
  ];
}

/** `export default` in any of its forms: a name that each importer chooses cannot be searched for. */
export function defaultExportFindings(source: ts.SourceFile): string[] {
  const found: string[] = [];
  visit(source, (node) => {
    const modifiers = ts.canHaveModifiers(node) ? ts.getModifiers(node) : undefined;
    const declared = modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword);
    const renamed = ts.isExportSpecifier(node) && node.name.text === 'default';
    const assigned = ts.isExportAssignment(node);
    if (declared || renamed || assigned) found.push(`${at(source, node)}: has a default export`);
  });
  return found;
}

export function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  ts.forEachChild(node, (child) => {
    visit(child, see);
  });
}

function at(source: ts.SourceFile, node: ts.Node): string {
  return `${source.fileName}:${lineOf(source, node.getStart())}`;
}

function lineOf(source: ts.SourceFile, position: number): number {
  return source.getLineAndCharacterOfPosition(position).line + 1;
}
