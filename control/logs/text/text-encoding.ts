/** The encodings of logs, by the names that `TextDecoder` has for them. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/**
 * How a log is encoded, by its first two bytes: UTF-16 where it begins with that byte order mark, as `>` in
 * Windows PowerShell writes it, or where one of the two bytes of its first character is zero and the other one
 * not, since a log begins in ASCII (as JSON does: RFC 4627, section 3). Everything else is UTF-8.
 */
export function textEncodingOf(bytes: Uint8Array): TextEncoding {
  const [first = 1, second = 1] = bytes;
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return 'utf-16be';
  return 'utf-8';
}
