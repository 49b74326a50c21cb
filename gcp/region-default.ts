/** Where the functions of the published experiments' laboratory run. */
export const REGION_DEFAULT = 'us-central1';
