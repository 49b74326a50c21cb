/** How a zone of Google Cloud is written, in up to 63 characters: region and letter, such as southamerica-east1-b. */
export const ZONE_FORM = /^(?=.{1,63}$)[a-z]+-[a-z]+[0-9]+-[a-z]$/;
