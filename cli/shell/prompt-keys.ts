import type { Interface } from 'node:readline';

/** Lets the keys that readline takes for itself in a terminal mean what they mean everywhere. */
export function obeySignalKeys(lines: Interface): void {
  // Ctrl-C.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  // Readline stops the process at Ctrl-Z, and reads no key after fg, Ctrl-C neither, until it is told to go on.
  lines.on('SIGCONT', () => lines.resume());
}
