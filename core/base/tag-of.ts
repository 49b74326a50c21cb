/**
 * The built-in tag of a value, such as `Uint8Array` or `AsyncFunction`; it also knows values of another realm, which
 * `instanceof` does not.
 */
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}
