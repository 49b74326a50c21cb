/**
 * The text of a file: UTF-8, or UTF-16 where it begins with that byte order mark, because `>` in
 * Windows PowerShell writes UTF-16.
 */
export function decodeText(bytes: Buffer): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return bytes.subarray(2).toString('utf16le');
  if (first !== 0xfe || second !== 0xff) return bytes.toString('utf8');
  const swapped = Buffer.from(bytes.subarray(2, bytes.length - (bytes.length % 2)));
  return swapped.swap16().toString('utf16le');
}
