import type { Witnesses } from '../numbers/shown-numbers.ts';

/** What is known of the logs and their senders before anybody knows whose log is whose. */
export interface Parties {
  /** The names of the files, in the order in which they are compared. */
  readonly files: readonly string[];
  /** The numbers in these names; `null` where the names do not differ by a number. */
  readonly fileNumbers: readonly number[] | null;
  /** What each sender is called. */
  readonly senders: readonly string[];
  /** Who shows a message of each sender. */
  readonly witnesses: readonly Witnesses[];
  /** By log: the sender whose multicasts it tells of, by its place; -1 where it does not say. */
  readonly multicasters: readonly number[];
}

/** Whose log is whose. */
export interface Owners {
  /** By log: its sender, by its place; -1 where it shows none of its own, or none is known. */
  readonly senderOf: readonly number[];
  /**
   * What each log's peer is called: as the logs call it where they do, else as they would; `null` where
   * that is not known.
   */
  readonly names: readonly (string | null)[];
  /** How the owners were found out; `unknown` when they were not. */
  readonly by: 'told' | 'multicasts' | 'names' | 'numbers' | 'order' | 'unknown';
}
