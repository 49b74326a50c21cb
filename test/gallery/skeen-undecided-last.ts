import { skeenWith, SkeenWithPlaces, type PlaceOf } from './skeen-base.ts';

/**
 * A new view puts what is undecided behind everything decided, as skeen-uniform may: there nobody acts upon a decision
 * that can be lost. In skeen a member that crashed may have delivered by a decision which is lost, and then have
 * multicast a message that depends on what it delivered. When that one is decided, it comes before its cause.
 */
const placeOf: PlaceOf = (message, isDecided, placeBefore) =>
  Math.max(isDecided ? message.timestamp : Infinity, placeBefore);

export const create = skeenWith(false, (inner, out, log) => {
  return new SkeenWithPlaces(inner, out, log, placeOf);
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
