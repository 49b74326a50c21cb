import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../local/free-port.ts';
import { buildFunctions } from '../../scripts/bundles/build-functions.ts';
import { eventually } from './eventually.ts';
import { send } from './functions-client.ts';
import { PATIENCE_MS } from './patience.ts';

/**
 * The Functions Framework binds every interface and has no setting for it: in a container that is
 * right, on somebody's machine it is not. Loaded before it, this keeps its server on the loopback.
 */
const LOOPBACK_ONLY = `
import { Server } from 'node:net';
const { listen } = Server.prototype;
Server.prototype.listen = function (port, ...rest) {
  return listen.call(this, Number(port), '127.0.0.1', ...rest);
};
`;

/** Builds the functions as they would be uploaded, and installs them as Cloud Build would. */
export async function installBuiltFunctions(root: string, directory: string): Promise<void> {
  mkdirSync(directory, { recursive: true });
  for (const { name, text } of await buildFunctions(root))
    writeFileSync(join(directory, name), text);
  const options = ['ci', '--omit=dev', '--no-audit', '--no-fund'];
  await promisify(execFile)('npm', options, { cwd: directory, timeout: PATIENCE_MS });
  writeFileSync(join(directory, 'loopback.mjs'), LOOPBACK_ONLY);
}

/** One function in a process of its own, served as in its container: by the framework's own command. */
export class ServedFunction {
  readonly url: string;
  readonly #child: ChildProcess;
  #log = '';

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.url = `http://127.0.0.1:${port}`;
    const note = (part: Buffer) => (this.#log += part.toString());
    child.stdout?.on('data', note);
    child.stderr?.on('data', note);
  }

  static async start(
    directory: string,
    target: string,
    environment: Readonly<Record<string, string>>,
    port?: number,
  ): Promise<ServedFunction> {
    const chosen = port ?? (await freePort());
    const command = join(
      directory,
      'node_modules/@google-cloud/functions-framework/build/src/main.js',
    );
    const child = spawn(process.execPath, ['--import', './loopback.mjs', command], {
      cwd: directory,
      // What the runtime of Cloud Functions sets.
      env: {
        PATH: process.env['PATH'] ?? '',
        NODE_ENV: 'production',
        FUNCTION_TARGET: target,
        PORT: String(chosen),
        ...environment,
      },
    });
    const served = new ServedFunction(child, chosen);
    await eventually(`the function ${target} to answer`, () => served.#answers());
    return served;
  }

  get log(): string {
    return this.#log;
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }

  async #answers(): Promise<boolean> {
    if (this.#child.exitCode !== null) throw new Error(`it ended: ${this.#log}`);
    return send(this.url, { method: 'GET' }).then(
      () => true,
      () => false,
    );
  }
}
