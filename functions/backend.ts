import type { Backend } from '../control/ports.ts';
import { reach } from '../control/unavailable.ts';

type Open = () => Promise<Backend>;

/** Imported late, so that who provides another backend does not load Google's clients. */
async function openFromEnvironment(): Promise<Backend> {
  const { openBackend } = await import('../backend/open-backend.ts');
  return openBackend(process.env);
}

let open: Open = openFromEnvironment;
let opened: Promise<Backend> | null = null;

/**
 * The backend of this instance: opened by the first call, then the same for all. An opening that
 * failed throws `UnavailableError` and is tried again by the next call.
 */
export function getBackend(): Promise<Backend> {
  opened ??= reach('backend', open).catch((error: unknown) => {
    opened = null;
    throw error;
  });
  return opened;
}

/** Makes `provided` the way to open the backend, for a process that has one of its own. */
export function provideBackend(provided: Open): void {
  open = provided;
  opened = null;
}

/** Closes the backend if it was opened; the next call opens it again. */
export async function closeBackend(): Promise<void> {
  const closing = opened;
  opened = null;
  if (closing === null) return;
  // A backend that could not be opened needs no closing.
  const backend = await closing.catch(() => null);
  await backend?.close();
}
