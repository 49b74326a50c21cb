/** What a command ends with, besides the 128 + n of a signal. */
export const EXIT = { done: 0, broken: 1, failed: 2 } as const;

/** The command could not be done, for a reason that its message tells a person. */
export class Failure extends Error {
  override name = 'Failure';
}

/** Ctrl-C, or a signal with the same meaning. */
export class Interrupted extends Error {
  override name = 'Interrupted';
  readonly signalName: NodeJS.Signals;

  constructor(signalName: NodeJS.Signals) {
    super(`ended by ${signalName}`);
    this.signalName = signalName;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
