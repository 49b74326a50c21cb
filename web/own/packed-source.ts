/** The longest source that a link may hold, in bytes of UTF-8: several times what an ordering takes. */
export const SOURCE_BYTES_MAX = 60_000;

/**
 * A source as a link holds it: compressed (RFC 1951), then base64 with the alphabet for addresses (RFC 4648, 5).
 * @throws RangeError for a longer one than a link may hold.
 */
export async function packSource(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > SOURCE_BYTES_MAX) {
    throw new RangeError(`A link holds up to ${SOURCE_BYTES_MAX} bytes: save it as a file.`);
  }
  const packed = await transformed(bytes, new CompressionStream('deflate-raw'), Infinity);
  const binary = Array.from(packed, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/**
 * The source that a link holds.
 * @throws RangeError for what is no source, or a longer one than a link may hold.
 */
export async function unpackSource(packed: string): Promise<string> {
  try {
    const binary = atob(packed.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const stream = new DecompressionStream('deflate-raw');
    const text = await transformed(bytes, stream, SOURCE_BYTES_MAX);
    return new TextDecoder('utf-8', { fatal: true }).decode(text);
  } catch (error) {
    const why = error instanceof RangeError ? error.message : 'it is cut off or was changed';
    throw new RangeError(`the link does not hold an ordering: ${why}`, { cause: error });
  }
}

/** What `stream` makes of `bytes`; nobody can make it read more than `bytesMax`. */
async function transformed(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
  bytesMax: number,
): Promise<Uint8Array> {
  const source = new Blob([bytes]).stream();
  const reader = source.pipeThrough<Uint8Array>(stream).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > bytesMax) {
      await reader.cancel();
      throw new RangeError(`it is longer than ${bytesMax} bytes`);
    }
    parts.push(value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
