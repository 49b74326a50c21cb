import type { Bus } from '../ports.ts';
import { reach } from '../unavailable.ts';

/** An exit command older than this ends nobody: a peer that was away must not die of an old one. */
export const EXIT_EXPIRES_MS = 60_000;

/** When an exit command was issued and when it expires, in milliseconds since 1970. */
export interface ExitIssued {
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
}

/** Tells every peer daemon to finish its uploads and end. Throws `UnavailableError`. */
export async function requestExit(context: {
  readonly bus: Bus;
  readonly nowMs: number;
}): Promise<ExitIssued> {
  const issuedAtMs = context.nowMs;
  const expiresAtMs = issuedAtMs + EXIT_EXPIRES_MS;
  await reach('bus', () => context.bus.publish({ command: 'exit', issuedAtMs, expiresAtMs }));
  return { issuedAtMs, expiresAtMs };
}
