import type { RunFigures } from './figures.ts';

/** What every system of the bench is asked to do. */
export interface Load {
  readonly members: number;
  /** How many messages each member multicasts. */
  readonly messages: number;
  /** Of each message, 8 at least: some systems' members write sender and number into it. */
  readonly payloadBytes: number;
  /** After this long members tell what they have delivered by then. */
  readonly secondsMax: number;
}

/** Something that orders multicasts, and can be driven on this machine. */
export interface System {
  readonly name: string;
  /** What it is and in which version, for a table's reader. */
  readonly description: string;
  readonly run: (load: Load) => Promise<RunFigures>;
}

/** A system that cannot be driven here. */
export interface AbsentSystem {
  readonly name: string;
  /** What is missing, and what installs it. */
  readonly missing: string;
}
