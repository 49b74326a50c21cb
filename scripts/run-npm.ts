import { spawn } from 'node:child_process';

/** What npm printed, and how it ended; `status` is `null` when it was stopped for taking too long. */
export interface NpmResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the npm that runs this script, or the one on the PATH, for at most `msMax` milliseconds. */
export function runNpm(
  options: readonly string[],
  root: string,
  msMax: number,
): Promise<NpmResult> {
  const npm = process.env['npm_execpath'];
  const [command, first] = npm === undefined ? ['npm', []] : [process.execPath, [npm]];
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...first, ...options], {
      cwd: root,
      timeout: msMax,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (part: Buffer) => (stdout += part.toString()));
    child.stderr.on('data', (part: Buffer) => (stderr += part.toString()));
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, stdout, stderr }));
  });
}
