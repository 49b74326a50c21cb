import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until `reached` holds; fails after `msMax` with what it was waiting for. */
export async function eventually(
  what: string,
  reached: () => boolean | Promise<boolean>,
  msMax = 20_000,
): Promise<void> {
  const deadline = performance.now() + msMax;
  while (!(await reached())) {
    if (performance.now() >= deadline) throw new Error(`waited ${msMax} ms in vain: ${what}`);
    await sleep(5);
  }
}
