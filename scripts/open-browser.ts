import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/** The first has no window at all, and takes two thirds of the processor time of the others. */
const NAMES = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'];

/** Where Chromium is: what `MPCOMM_CHROMIUM` says, or the first of `NAMES` in the path; `null` where there is none. */
export function findChromium(): string | null {
  const told = process.env['MPCOMM_CHROMIUM'];
  if (told !== undefined) return existsSync(told) ? told : null;
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const paths = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return paths.find((path) => existsSync(path)) ?? null;
}

/**
 * Starts the Chromium of this machine without a window, and without anything that it does on its own. `hosts` are names
 * that it takes for 127.0.0.1, as a name server might tell it.
 */
export async function openBrowser(
  executablePath: string,
  hosts: readonly string[] = [],
): Promise<Browser> {
  const rules = hosts.map((host) => `MAP ${host} 127.0.0.1`).join(', ');
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--host-resolver-rules=${rules}`,
    ],
  });
}
