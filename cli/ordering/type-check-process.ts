import { createRequire } from 'node:module';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type ts from 'typescript';
import { findStrayEffects } from './stray-effects.ts';

/** What one type check found, as the process prints it: one line of JSON. */
export interface TypeCheck {
  /** `null` where TypeScript is not installed. */
  readonly version: string | null;
  /** `best.ts:12:5: Type 'string' is not assignable to type 'number'.` */
  readonly problems: readonly string[];
  /** `best.ts:14:20: Math.random: is in no seed; take group.random` */
  readonly strays: readonly string[];
}

/** What an ordering imports from here is checked when the project is. */
const CORE = fileURLToPath(new URL('../../core/', import.meta.url));

/**
 * Checks the types of one file, and of those of its author's that it imports, as strictly as a beginner can bear:
 * unused names and the like are no errors. Of JavaScript, which `hasTypes` denies, it only looks for stray effects.
 */
function checkTypes(file: string, hasTypes: boolean): TypeCheck {
  const compiler = loadCompiler();
  if (compiler === null) return { version: null, problems: [], strays: [] };
  const { version } = compiler;
  if (!hasTypes) {
    return { version, problems: [], strays: straysOf(compiler, parseAll(compiler, file)) };
  }
  const host = createHost(compiler);
  // What Node has takes longer to load than all the rest, and hardly any ordering mentions it.
  const pure = checkWith(compiler, host, file, []);
  const { problems, sources } =
    pure.problems.length === 0 ? pure : checkWith(compiler, host, file, ['node']);
  return {
    version,
    problems: problems.map(({ file: source, start = 0, messageText }) =>
      describe(compiler, source!, start, compiler.flattenDiagnosticMessageText(messageText, ' ')),
    ),
    strays: straysOf(compiler, sources),
  };
}

/** `null` where it is not installed. To import it, Node would also look through nine megabytes for the names that it exports. */
function loadCompiler(): typeof ts | null {
  try {
    return createRequire(import.meta.url)('typescript') as typeof ts;
  } catch {
    return null;
  }
}

function straysOf(compiler: typeof ts, sources: readonly ts.SourceFile[]): string[] {
  return sources.flatMap((source) =>
    findStrayEffects(compiler, source).map(({ start, text }) =>
      describe(compiler, source, start, text),
    ),
  );
}

/** A file of JavaScript and those of its author's that it imports: without types, only what is written there is looked at. */
function parseAll(compiler: typeof ts, file: string): ts.SourceFile[] {
  const options = { ...optionsOf(compiler, []), allowJs: true, noLib: true, lib: [] };
  return authorsFiles(compiler.createProgram([file], options));
}

function authorsFiles(program: ts.Program): ts.SourceFile[] {
  return program
    .getSourceFiles()
    .filter(({ fileName }) => !fileName.includes('node_modules') && !fileName.startsWith(CORE));
}

/** Parses each file once, for whoever checks the same file with other types around it. */
function createHost(compiler: typeof ts): ts.CompilerHost {
  const host = compiler.createCompilerHost(optionsOf(compiler, []));
  // Comments say nothing of types in TypeScript, and the libraries are half comments.
  host.jsDocParsingMode = compiler.JSDocParsingMode.ParseNone;
  const parsed = new Map<string, ts.SourceFile | undefined>();
  const parse = host.getSourceFile.bind(host);
  host.getSourceFile = (path, ...how) => {
    if (!parsed.has(path)) parsed.set(path, parse(path, ...how));
    return parsed.get(path);
  };
  return host;
}

/** The author's files among those that a file needs, and what is wrong with their types. */
function checkWith(
  compiler: typeof ts,
  host: ts.CompilerHost,
  file: string,
  types: string[],
): { problems: ts.Diagnostic[]; sources: ts.SourceFile[] } {
  const program = compiler.createProgram([file], optionsOf(compiler, types), host);
  const sources = authorsFiles(program);
  const problems = sources
    .flatMap((each) => compiler.getPreEmitDiagnostics(program, each))
    .filter((problem) => problem.file !== undefined);
  return { problems, sources };
}

function optionsOf(compiler: typeof ts, types: string[]): ts.CompilerOptions {
  return {
    target: compiler.ScriptTarget.ES2023,
    // Without it, half of the time goes into what browsers have.
    lib: ['lib.es2023.d.ts'],
    module: compiler.ModuleKind.NodeNext,
    moduleResolution: compiler.ModuleResolutionKind.NodeNext,
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    erasableSyntaxOnly: true,
    skipLibCheck: true,
    types,
    typeRoots: [new URL('../../node_modules/@types', import.meta.url).pathname],
  };
}

function describe(compiler: typeof ts, file: ts.SourceFile, start: number, text: string): string {
  const { line, character } = compiler.getLineAndCharacterOfPosition(file, start);
  return `${relative(process.cwd(), file.fileName)}:${line + 1}:${character + 1}: ${text}`;
}

const [, , path, looksAt] = process.argv;
if (path !== undefined) {
  process.stdout.write(`${JSON.stringify(checkTypes(path, looksAt !== 'strays'))}\n`);
}
