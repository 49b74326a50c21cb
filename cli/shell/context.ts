import type { CloudOptions } from '../site/cloud-options.ts';
import type { GoogleDoors } from '../site/google-doors.ts';
import type { Terminal } from './terminal.ts';

/** What every command gets: where to write, and the signal that it should stop. */
export interface Context {
  readonly terminal: Terminal;
  /** Aborted by Ctrl-C and by signals with its meaning; the reason is an `Interrupted`. */
  readonly signal: AbortSignal;
  /** How Google is reached; the process's own ways where it is not given. */
  readonly google?: GoogleDoors;
}

/** Options that several commands share; each is `undefined` where it was not given. */
export interface SiteOptions extends CloudOptions {
  /** State directory of the laboratory. */
  readonly state: string;
  readonly backend?: 'embedded' | 'emulators' | 'gcp';
  readonly zones?: readonly string[];
  readonly loss?: number;
  /** A name of the registry, or a file with an ordering of the user's own. */
  readonly ordering?: string;
}

/** The options of a laboratory that stays up. */
export interface StayingOptions extends SiteOptions {
  readonly peers: number;
}
