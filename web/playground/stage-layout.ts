import { regionOf } from '../../network/network-model.ts';

/** A place on the stage, in percent of its width and height. */
export interface StagePlace {
  readonly x: number;
  readonly y: number;
}

/** Where a region is: degrees of longitude (east) and latitude (north), of its city as Google names it. */
const REGION_DEGREES: Readonly<Record<string, readonly [number, number]>> = {
  'asia-east1': [120.5, 24],
  'asia-east2': [114.2, 22.3],
  'asia-northeast1': [139.7, 35.7],
  'asia-northeast2': [135.5, 34.7],
  'asia-south1': [72.9, 19.1],
  'asia-south2': [77.2, 28.6],
  'asia-southeast1': [103.8, 1.3],
  'australia-southeast1': [151.2, -33.9],
  'europe-north1': [27.2, 60.6],
  'europe-west1': [3.8, 50.5],
  'europe-west2': [-0.1, 51.5],
  'europe-west3': [8.7, 50.1],
  'europe-west4': [6.8, 53.4],
  'europe-west6': [8.5, 47.4],
  'europe-west9': [2.4, 48.9],
  'me-west1': [34.8, 32.1],
  'northamerica-northeast1': [-73.6, 45.5],
  'southamerica-east1': [-46.6, -23.5],
  'us-central1': [-95.9, 41.3],
  'us-east1': [-80, 33.2],
  'us-east4': [-77.5, 39],
  'us-west1': [-121.2, 45.6],
  'us-west2': [-118.2, 34.1],
};

const MARGIN_PERCENT = 1;
/** Peers that are closer than this would cover each other. */
const APART_PERCENT = 15;
const ROUNDS_MAX = 60;

/** Places for peers on a map, spread so that all fill the stage and none hides another. */
export function placesOnMap(zones: readonly string[]): StagePlace[] {
  const degrees = zones.map((zone) => REGION_DEGREES[regionOf(zone)] ?? [0, 0]);
  const xs = stretch(degrees.map(([longitude]) => longitude));
  const ys = stretch(degrees.map(([, latitude]) => -latitude));
  return pushApart(xs.map((x, index) => ({ x, y: ys[index]! })));
}

/** Places on an ellipse, the first at the top, clockwise. */
export function placesOnRing(peers: number): StagePlace[] {
  return Array.from({ length: peers }, (_, peer) => {
    const angle = (peer / peers) * 2 * Math.PI - Math.PI / 2;
    return { x: 50 + 46 * Math.cos(angle), y: 50 + 46 * Math.sin(angle) };
  });
}

function stretch(values: readonly number[]): number[] {
  const least = Math.min(...values);
  const span = Math.max(...values) - least;
  if (span === 0) return values.map(() => 50);
  return values.map(
    (value) => MARGIN_PERCENT + ((value - least) / span) * (100 - 2 * MARGIN_PERCENT),
  );
}

/** Moves pairs that are too close away from each other, a few rounds long; the stage has edges. */
function pushApart(places: readonly StagePlace[]): StagePlace[] {
  const moved = places.map(({ x, y }) => ({ x, y }));
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    for (const [index, one] of moved.entries()) {
      for (const other of moved.slice(index + 1)) separate(one, other, index);
    }
  }
  return moved;
}

function separate(
  one: { x: number; y: number },
  other: { x: number; y: number },
  turn: number,
): void {
  const [dx, dy] = [other.x - one.x, other.y - one.y];
  const distance = Math.hypot(dx, dy);
  if (distance >= APART_PERCENT) return;
  // Two in one place go apart along a direction that depends on nothing but their numbers.
  const [ux, uy] =
    distance < 0.01 ? [Math.cos(turn), Math.sin(turn)] : [dx / distance, dy / distance];
  const step = (APART_PERCENT - distance) / 2;
  one.x = within(one.x - ux * step);
  one.y = within(one.y - uy * step);
  other.x = within(other.x + ux * step);
  other.y = within(other.y + uy * step);
}

function within(percent: number): number {
  return Math.min(100 - MARGIN_PERCENT, Math.max(MARGIN_PERCENT, percent));
}
