/** The guarantees of multicast that the comparison judges, in the order in which they are reported. */
export const GUARANTEE_NAMES = [
  'integrity',
  'validity',
  'agreement',
  'uniformAgreement',
  'fifo',
  'causal',
  'total',
  'uniformTotal',
  'gapFree',
] as const;

export type GuaranteeName = (typeof GUARANTEE_NAMES)[number];
