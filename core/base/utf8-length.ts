/**
 * How many bytes `text` takes in UTF-8 (RFC 3629). Counted here because the pure folders know no
 * `Buffer`. Half of a surrogate pair alone counts 3, as the character that replaces it takes.
 */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) bytes += bytesOf(character.codePointAt(0)!);
  return bytes;
}

function bytesOf(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x1_0000 ? 3 : 4;
}
