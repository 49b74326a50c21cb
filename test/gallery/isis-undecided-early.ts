import { skeenWith, SkeenWithPlaces, type PlaceOf } from './skeen-base.ts';

/**
 * The ABCAST of ISIS in which a majority stores each decision before anybody delivers, and that calls itself uniform.
 * But a new view puts what is undecided where ISIS does, at its sender's own proposal: this may be before a decided
 * message that a member delivered before it crashed.
 */
const placeOf: PlaceOf = ({ timestamp }, _isDecided, placeBefore) =>
  Math.max(timestamp, placeBefore);

export const create = skeenWith(true, (inner, out, log) => {
  return new SkeenWithPlaces(inner, out, log, placeOf);
});
export const guarantees = [
  'integrity',
  'validity',
  'agreement',
  'total',
  'uniformTotal',
  'gapFree',
];
export const survives = 'minority';
