import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { digestOfTag } from './docker-hub.ts';

export interface Called {
  /** `null` when there is no such command. */
  readonly status: number | null;
  readonly output: string;
  readonly errors: string;
}

export interface CallOptions {
  /** Written to the command's standard input, which is then closed. */
  readonly input?: string;
  readonly directory?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** The programs that a deployment is made with, so that a test can stand in for all of them. */
export interface Tools {
  /** Runs a command unseen, for what it answers. */
  ask(command: string, options: readonly string[], call?: CallOptions): Promise<Called>;
  /** Runs a command in front of the user, who may be asked something; gives its status. */
  show(command: string, options: readonly string[], call?: CallOptions): Promise<number>;
  /** Runs a command in front of the user, who is asked nothing; gives what it printed as well. */
  tell(command: string, options: readonly string[], call?: CallOptions): Promise<Called>;
  say(text: string): void;
  /** The digest behind a tag of Docker Hub; throws where it does not tell. */
  digestOf(repository: string, tag: string): Promise<string>;
  /** The fields of a document in Firestore, `undefined` where it is not there; throws where that is not told. */
  readDocument(
    place: { readonly project: string; readonly database: string },
    path: string,
  ): Promise<unknown>;
  /** Asks the user for yes or no; no, where there is nobody to ask. */
  confirm(question: string): Promise<boolean>;
  /** Waits, in ms. */
  pause(ms: number): Promise<void>;
}

/** What is kept of a command's output: its end, where it says why it failed. */
const KEPT_CHARACTERS_MAX = 262_144;

/** The longest time of a question to gcloud, which only a network that swallows everything would need. */
const ASK_MS_MAX = 60_000;

/**
 * Lets a command end by itself when this process is to end: asked once, Pulumi finishes what it is
 * making and gives its lock back. If this process went at once, the next line that Pulumi prints would
 * meet a closed pipe and kill it; its lock would be left behind, and nobody would know what it was
 * making. Ctrl-C reaches the command from the terminal, so passing it on would ask twice, which means
 * "at once".
 */
function outlive(child: ChildProcess): void {
  const stay = () => undefined;
  const passOn = () => void child.kill('SIGINT');
  process.on('SIGINT', stay);
  process.on('SIGTERM', passOn);
  child.once('close', () => {
    process.off('SIGINT', stay);
    process.off('SIGTERM', passOn);
  });
}

/** Programs that are scripts on Windows, which Node starts by no other way than the shell. */
const SCRIPTS_OF_WINDOWS: readonly string[] = ['gcloud', 'npm'];

/**
 * How a command is started on `platform`. Where it takes a shell, every word is quoted, since cmd.exe would otherwise
 * take `^` and parentheses in gcloud's options for its own.
 */
export function startOf(
  command: string,
  options: readonly string[],
  platform: NodeJS.Platform = process.platform,
): { readonly file: string; readonly words: readonly string[]; readonly shell: boolean } {
  const isScript = platform === 'win32' && SCRIPTS_OF_WINDOWS.includes(command);
  if (!isScript) return { file: command, words: options, shell: false };
  return { file: command, words: options.map((option) => `"${option}"`), shell: true };
}

export const realTools: Tools = {
  ask(command, options, { input = '', directory, environment } = {}) {
    return new Promise((resolve) => {
      const { file, words, shell } = startOf(command, options);
      const child = spawn(file, words, {
        shell,
        cwd: directory,
        env: { ...process.env, ...environment },
        timeout: ASK_MS_MAX,
      });
      let output = '';
      let errors = '';
      child.stdout.on('data', (part: Buffer) => (output += part.toString()));
      child.stderr.on('data', (part: Buffer) => (errors += part.toString()));
      child.once('error', () => resolve({ status: null, output, errors }));
      child.once('close', (code) => resolve({ status: code ?? 1, output, errors }));
      // A command that ended without reading its input has said why.
      child.stdin.once('error', () => undefined);
      child.stdin.end(input);
    });
  },
  show(command, options, { directory, environment } = {}) {
    return new Promise((resolve, reject) => {
      const { file, words, shell } = startOf(command, options);
      const child = spawn(file, words, {
        shell,
        cwd: directory,
        env: { ...process.env, ...environment },
        stdio: 'inherit',
      });
      outlive(child);
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? 1));
    });
  },
  tell(command, options, { directory, environment } = {}) {
    return new Promise((resolve) => {
      const { file, words, shell } = startOf(command, options);
      const child = spawn(file, words, {
        shell,
        cwd: directory,
        env: { ...process.env, ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      outlive(child);
      let [output, errors] = ['', ''];
      child.stdout.on('data', (part: Buffer) => {
        process.stdout.write(part);
        output = (output + part.toString()).slice(-KEPT_CHARACTERS_MAX);
      });
      child.stderr.on('data', (part: Buffer) => {
        process.stderr.write(part);
        errors = (errors + part.toString()).slice(-KEPT_CHARACTERS_MAX);
      });
      child.once('error', () => resolve({ status: null, output, errors }));
      child.once('close', (code) => resolve({ status: code ?? 1, output, errors }));
    });
  },
  async confirm(question) {
    if (!process.stdin.isTTY) return false;
    const terminal = createInterface({ input: process.stdin, output: process.stdout });
    try {
      return /^y(?:es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
    } finally {
      terminal.close();
    }
  },
  digestOf: (repository, tag) => digestOfTag(repository, tag),
  async readDocument(place, path) {
    const { FirestoreStore } = await import('../gcp/firestore-store.ts');
    const store = new FirestoreStore(place);
    try {
      return (await store.read(path))?.fields;
    } finally {
      await store.close();
    }
  },
  pause: (ms) => sleep(ms),
  say: (text) => process.stdout.write(`${text}\n`),
};
