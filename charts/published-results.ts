/** One cell of the published tables: what each of its runs printed. */
export interface PublishedCell {
  readonly peers: number;
  readonly messages: number;
  /** The count of each run: over positions 0 to messages - 2, in all logs but the one that arrived last. */
  readonly unorderedRounds: readonly number[];
}

/** The results that the ancestor of this project printed (results/published/published.json). */
export interface PublishedResults {
  readonly source: string;
  readonly cells: readonly PublishedCell[];
}

/** What was published for this number of peers and messages; `null` where nothing was. */
export function publishedCell(
  { cells }: PublishedResults,
  peers: number,
  messages: number,
): PublishedCell | null {
  return cells.find((cell) => cell.peers === peers && cell.messages === messages) ?? null;
}
