/** The guarantees of multicast that the comparison judges, in the order in which they are reported. */
export const GUARANTEE_NAMES = Object.freeze([
  'integrity',
  'validity',
  'agreement',
  'uniformAgreement',
  'fifo',
  'causal',
  'total',
  'uniformTotal',
  'gapFree',
] as const);

export type GuaranteeName = (typeof GUARANTEE_NAMES)[number];

/** They say that nothing wrong is ever delivered: what breaks one stays broken, however long a run goes on. */
export const SAFETY_GUARANTEES: readonly GuaranteeName[] = Object.freeze([
  'integrity',
  'fifo',
  'causal',
  'total',
  'uniformTotal',
  'gapFree',
]);

/** They say that something is delivered in the end: only a run that went to its end can break one. */
export const LIVENESS_GUARANTEES: readonly GuaranteeName[] = Object.freeze([
  'agreement',
  'uniformAgreement',
  'validity',
]);
