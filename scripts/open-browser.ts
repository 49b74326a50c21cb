import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/** Where Chromium is: what `MPCOMM_CHROMIUM` says, or the `chromium` of the path; `null` where there is none. */
export function findChromium(): string | null {
  const told = process.env['MPCOMM_CHROMIUM'];
  if (told !== undefined) return existsSync(told) ? told : null;
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, 'chromium')).find((path) => existsSync(path)) ?? null;
}

/** Starts the Chromium of this machine without a window, and without anything that it does on its own. */
export async function openBrowser(executablePath: string): Promise<Browser> {
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
    ],
  });
}
