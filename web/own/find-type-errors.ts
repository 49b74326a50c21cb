import ts from 'typescript';
import { OWN_FILE } from './own-file.ts';

/** What TypeScript objects to, and where, counted from 1. */
export interface TypeFinding {
  readonly line: number;
  readonly message: string;
}

/** Texts by path: `lib/` has TypeScript's own declarations, everything else lies as in the project. */
export type TypeFiles = Readonly<Record<string, string>>;

const LIBRARY = 'lib/lib.es2023.d.ts';
const AMBIENT = 'ambient.d.ts';
/** What an ordering may say besides, while it is tried out. */
const AMBIENT_TEXT = 'declare const console: { log(...given: unknown[]): void };';

/** Types are checked as strictly as on the command line: unused names and the like are no errors. */
const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.es2023.d.ts'],
  types: [],
  strict: true,
  noEmit: true,
  allowImportingTsExtensions: true,
  erasableSyntaxOnly: true,
  skipLibCheck: true,
};

/** Checks the types of an ordering that was typed in the page, against the files that it may import. */
export function findTypeErrors(text: string, files: TypeFiles): TypeFinding[] {
  const host = hostOf({ ...files, [OWN_FILE]: text, [AMBIENT]: AMBIENT_TEXT });
  const program = ts.createProgram([OWN_FILE, AMBIENT], OPTIONS, host);
  const source = program.getSourceFile(OWN_FILE)!;
  const found = [
    ...program.getSyntacticDiagnostics(source),
    ...program.getSemanticDiagnostics(source),
  ];
  return found.map(({ start = 0, messageText }) => ({
    line: source.getLineAndCharacterOfPosition(start).line + 1,
    message: ts.flattenDiagnosticMessageText(messageText, ' '),
  }));
}

/** Parsing the libraries takes longer than checking an ordering, and they never change. */
const parsed = new Map<string, ts.SourceFile>();

function hostOf(files: TypeFiles): ts.CompilerHost {
  return {
    fileExists: (path) => path in files,
    readFile: (path) => files[path],
    getSourceFile: (path) => {
      const text = files[path];
      if (text === undefined) return undefined;
      const known = path === OWN_FILE ? undefined : parsed.get(path);
      const source = known ?? ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
      parsed.set(path, source);
      return source;
    },
    getDefaultLibFileName: () => LIBRARY,
    getDefaultLibLocation: () => 'lib',
    getCurrentDirectory: () => '',
    getCanonicalFileName: (path) => path,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    writeFile: () => undefined,
    resolveModuleNameLiterals: (literals, from) =>
      literals.map(({ text }) => ({ resolvedModule: resolve(text, from, files) })),
  };
}

/**
 * Whatever stands in front of `core/` in an import of the typed file does not matter: that file lies nowhere.
 */
function resolve(
  specifier: string,
  from: string,
  files: TypeFiles,
): ts.ResolvedModuleFull | undefined {
  const path =
    from === OWN_FILE
      ? specifier.replace(/^.*?(?=core\/|lamport-base)/, '').replace(/\.js$/, '.ts')
      : joined(from, specifier);
  const found = [path, `${path}.ts`].find((each) => each in files);
  return found === undefined ? undefined : { resolvedFileName: found, extension: ts.Extension.Ts };
}

function joined(from: string, specifier: string): string {
  const parts = from.split('/').slice(0, -1);
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}
