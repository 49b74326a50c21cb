import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** A browser that asks nobody but the pages it is shown, and keeps nothing. */
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/** The browser of this machine, or `null`: a test that needs one then says that it is skipped. */
export const CHROMIUM: string | null =
  NAMES.find((name) => spawnSync(name, ['--version'], { timeout: 20_000 }).status === 0) ?? null;

/** Shows one page in a browser of its own until `close`. */
export class Browser {
  readonly #directory = mkdtempSync(join(tmpdir(), 'mpcomm-browser-'));
  readonly #process: ChildProcess;

  /** `hosts`: names that this browser takes for 127.0.0.1, as a name server might tell it. */
  constructor(page: string, hosts: readonly string[] = []) {
    const rules = hosts.map((host) => `MAP ${host} 127.0.0.1`).join(', ');
    this.#process = spawn(
      CHROMIUM!,
      [
        ...FLAGS,
        `--user-data-dir=${this.#directory}`,
        `--host-resolver-rules=${rules}`,
        // Keeps it open; without a debugger's port it would end at once.
        '--remote-debugging-port=0',
        page,
      ],
      { stdio: 'ignore', detached: true },
    );
  }

  /** Ends the browser with all its processes. */
  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    if (this.#process.exitCode === null) {
      process.kill(-this.#process.pid!, 'SIGKILL');
      await ended;
    }
    rmSync(this.#directory, { recursive: true, force: true, maxRetries: 5 });
  }
}
