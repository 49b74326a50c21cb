/** How a zone of Google Cloud is written: region and letter, such as southamerica-east1-b. */
export const ZONE_FORM = /^[a-z]+-[a-z]+[0-9]+-[a-z]$/;
