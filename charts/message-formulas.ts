/** How many messages theory says that one isolated multicast takes among n members. */
export interface MessageFormula {
  /** The mean over the senders where they differ. */
  readonly formula: string;
  readonly messages: (size: number) => number;
}

const DIRECT: MessageFormula = { formula: 'n - 1', messages: (size) => size - 1 };

/**
 * By ordering, without acknowledgements of channels, heartbeats, losses and an idle token's hops.
 * Sources: the papers that the header of each ordering in core/orderings names.
 */
export const MESSAGE_FORMULAS: Readonly<Record<string, MessageFormula>> = {
  unordered: DIRECT,
  fifo: DIRECT,
  causal: DIRECT,
  lamport: { formula: 'n (n - 1)', messages: (size) => size * (size - 1) },
  'sequencer-fast': { formula: 'n; n - 1 from the sequencer', messages: (size) => size - 1 / size },
  sequencer: {
    formula: '2 (n - 1) more',
    messages: (size) => size - 1 / size + 2 * (size - 1),
  },
  token: { formula: 'n - 1, and hops', messages: (size) => size - 1 },
  'moving-sequencer': { formula: 'to 2 (n - 1), and hops', messages: (size) => 2 * (size - 1) },
  skeen: { formula: '3 (n - 1)', messages: (size) => 3 * (size - 1) },
  'skeen-uniform': { formula: '5 (n - 1)', messages: (size) => 5 * (size - 1) },
  ring: { formula: '2 (n - 1)', messages: (size) => 2 * (size - 1) },
};
