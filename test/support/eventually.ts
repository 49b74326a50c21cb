import { setTimeout as sleep } from 'node:timers/promises';
import { PATIENCE_MS } from './patience.ts';

/** Waits until `reached` holds; fails with what it was waiting for once patience is at an end. */
export async function eventually(
  what: string,
  reached: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await reached())) {
    if (performance.now() >= deadline) throw new Error(`waited ${PATIENCE_MS} ms in vain: ${what}`);
    await sleep(5);
  }
}
