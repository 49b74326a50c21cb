import { fileURLToPath } from 'node:url';

const ROOT = new URL('../', import.meta.url).href;

/** The folders of the project's own sources; whatever else lies beside them may be a student's. */
const SOURCES: ReadonlySet<string> = new Set([
  'backend',
  'bench',
  'charts',
  'cli',
  'control',
  'core',
  'custom',
  'diagram',
  'functions',
  'gcp',
  'local',
  'network',
  'peer',
  'scripts',
  'simulation',
  'svg',
  'web',
]);
/** What `core` has for the judge alone. */
const JUDGING = /^core\/(?:judge|records)\//;

/** Modules of Node by which code reaches the thread that it runs in, and with it whoever judges it and all other members. */
const REACHING: ReadonlySet<string> = new Set([
  'node:cluster',
  'node:diagnostics_channel',
  'node:inspector',
  'node:inspector/promises',
  'node:module',
  'node:repl',
  'node:worker_threads',
]);

/** A file of an ordering imports what is not for orderings. */
export class ImportRefusedError extends Error {
  override name = 'ImportRefusedError';
  /** What was imported, as the file has it. */
  readonly specifier: string;
  /** The file that imports it. */
  readonly file: string;

  constructor(specifier: string, file: string, why: string) {
    super(`${specifier} is not for orderings: ${why}`);
    this.specifier = specifier;
    this.file = file;
  }
}

/** Whether an address is that of a module of the project itself, and not of a file that lies in its folder. */
export function isOfLaboratory(address: string): boolean {
  return SOURCES.has(pathInProject(address).split('/')[0]!);
}

/** Throws `ImportRefusedError` for a module that an ordering may not import. `parent` is the file that does. */
export function requireImportable(address: string, specifier: string, parent: string): void {
  const refuse = (why: string): never => {
    throw new ImportRefusedError(specifier, nameOf(parent), why);
  };
  if (REACHING.has(address)) refuse('it reaches the thread of whoever judges, and of all members');
  if (!isOfLaboratory(address)) return;
  const path = pathInProject(address);
  if (path.startsWith('core/') && !JUDGING.test(path)) return;
  refuse(
    'the laboratory runs and judges by it; allowed: files of your own, packages, and core/ without its judge and records',
  );
}

/** `core/message.ts`; empty for what is not in the folder of the project. */
function pathInProject(address: string): string {
  return address.startsWith(ROOT) ? address.slice(ROOT.length) : '';
}

function nameOf(address: string): string {
  return address.startsWith('file:') ? fileURLToPath(address) : address;
}
