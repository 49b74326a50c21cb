import type { LogText } from '../text/log-text.ts';
import type { Row } from '../text/row.ts';

/** Takes one message; `false` asks for no more of them. */
export type Take = (row: Row) => boolean;

/** What a log holds besides its messages. */
export interface Remarks {
  /** What the log is, for a person, such as `a list of tuples`; shown with its first message. */
  readonly what: string;
  /**
   * After how many deliveries the peer made its first multicast, its second, and so on; `null` where the
   * log does not tell it in a list of its own.
   */
  readonly deliveredBefore: readonly number[] | null;
  /** Whether the messages are in one list, so that what stands beside one says nothing of it. */
  readonly isList: boolean;
  /** How many lines were left out because they hold no message. */
  readonly leftOut: number;
}

/** The fields with sender and number that a person told, by names or by places from 1; `null` where nobody did. */
export type ToldFields = readonly [sender: string, number: string] | null;

/** One way in which programs write what a peer delivered. */
export interface Form {
  /** What the form is called among those that are read, such as `CSV with a header`. */
  readonly title: string;
  /** Whether a text is in this form, by its beginning. `at` is where its first message may begin. */
  recognises(source: LogText, at: number, told: ToldFields): boolean;
  /**
   * Reads the messages one after the other.
   * @throws LogError that names the place of what is not of this form.
   */
  read(source: LogText, at: number, take: Take, told: ToldFields): Remarks;
}

/** A form holds nothing but messages, by default. */
export function remarks(what: string, others: Partial<Remarks> = {}): Remarks {
  return { what, deliveredBefore: null, isList: false, leftOut: 0, ...others };
}
