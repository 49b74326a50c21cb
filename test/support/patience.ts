/**
 * How long a test waits, in milliseconds, for what should take seconds. It is a bound for what hangs and
 * says nothing of how fast anything is: five times what a machine takes that has four other things to do.
 * The bound of a whole test (testTimeout in jest.config.js) is longer, so that a wait ends first, and names
 * what it was waiting for.
 */
export const PATIENCE_MS = 150_000;
