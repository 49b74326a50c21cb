import { skeenWith, SkeenWithPlaces } from './skeen-base.ts';

/**
 * A new view puts what is undecided at its sender's own proposal, a lower bound of any decision, but forgets that it
 * has to stand behind its sender's earlier messages: of these one may be decided, with a greater timestamp.
 */
export const create = skeenWith(false, (inner, out, log) => {
  return new SkeenWithPlaces(inner, out, log, ({ timestamp }) => timestamp);
});
export const guarantees = [
  'integrity',
  'validity',
  'agreement',
  'uniformAgreement',
  'fifo',
  'causal',
  'total',
];
export const survives = 'minority';
