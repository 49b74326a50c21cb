/** A sentence names no more than these: of a group of 64, the first ones say enough. */
const NAMED_MAX = 8;

/**
 * Names, or what is said of each, as a sentence has them: all of a few, such as "peer-1, peer-2", or the first eight
 * "and 55 others".
 */
export function nameSome(names: readonly string[], separator = ', '): string {
  const others = names.length - NAMED_MAX;
  // One more takes hardly more room than to say that there is one.
  if (others <= 1) return names.join(separator);
  return `${names.slice(0, NAMED_MAX).join(separator)} and ${others} others`;
}
