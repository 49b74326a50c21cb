/**
 * The regions in which every project may build functions; "depending on usage" some projects may build in no
 * other (https://cloud.google.com/build/docs/locations, read on 25 November 2026).
 */
export const BUILD_REGIONS: readonly string[] = [
  'us-central1',
  'us-west2',
  'europe-west1',
  'asia-east1',
  'australia-southeast1',
  'southamerica-east1',
];
