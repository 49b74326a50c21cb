import { textEncodingOf } from '../../control/logs/text/text-encoding.ts';

/** The text of a file in the encoding that it has. Bytes that mean nothing in it become U+FFFD. */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder(textEncodingOf(bytes)).decode(bytes);
}
