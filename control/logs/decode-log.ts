import { LogError, LogText, type LogFile } from './text/log-text.ts';
import { textEncodingOf } from './text/text-encoding.ts';

/** A log as text, and what was done to make it one. */
export interface DecodedLog extends LogFile {
  /** Named where it is neither UTF-8 nor UTF-16, so that a person should hear of it. */
  readonly encoding?: typeof SINGLE_BYTES;
  /** By which program it was unpacked, if it was. */
  readonly unpackedBy?: 'gunzip';
}

/**
 * Decodes bytes as the standard of encodings says (WHATWG Encoding); what means nothing becomes U+FFFD, or where `isFatal`
 * an error that is thrown.
 */
export type DecodeBytes = (bytes: Uint8Array, encoding: string, isFatal: boolean) => string;

/**
 * What is taken for text that is not UTF-8. It gives every byte a character of its own, so that names that
 * differ still do, even in a text of another encoding.
 */
const SINGLE_BYTES = 'windows-1252';

/** Whether it begins as what gzip writes (RFC 1952, section 2.3.1). */
export const isGzip = begins(0x1f, 0x8b);

/** What files begin with that are no text in UTF-8 or UTF-16, what they are, and what can be done. */
const OTHERS: readonly (readonly [
  isIt: (bytes: Uint8Array) => boolean,
  what: string,
  cure: string,
])[] = [
  [isGzip, 'compressed by gzip', 'gunzip unpacks it'],
  [begins(0x50, 0x4b, 3, 4), 'a ZIP archive', 'unzip unpacks it'],
  [begins(0x28, 0xb5, 0x2f, 0xfd), 'compressed by Zstandard', 'unzstd unpacks it'],
  [begins(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0), 'compressed by xz', 'unxz unpacks it'],
  [begins(0x42, 0x5a, 0x68), 'compressed by bzip2', 'bunzip2 unpacks it'],
  [isPickle, 'a pickle of Python', 'json.dump writes a text instead'],
  [isUtf32, 'text in UTF-32', 'iconv -f UTF-32 -t UTF-8 makes UTF-8 of it'],
];

const LINE_FEED = 10;

/**
 * The text in the bytes of a log. No byte is lost: in place of two that mean nothing the same sign would
 * stand, and make one sender of two. So what is not UTF-8 anywhere is read byte by byte, and a text that is
 * UTF-8 in some places only is refused.
 * @throws LogError for what is no text, which says what it is.
 */
export function decodeLog(name: string, bytes: Uint8Array, decode: DecodeBytes): DecodedLog {
  const other = OTHERS.find(([isIt]) => isIt(bytes));
  if (other !== undefined) {
    throw new LogError(`${name} is no text in UTF-8 or UTF-16, but ${other[1]}; ${other[2]}`);
  }
  const log = decodeWhole(name, bytes, decode);
  const nul = log.text.indexOf('\0');
  if (nul < 0) return log;
  throw new LogText(log).error(nul, 'found a NUL, and so this is no text; allowed is text alone');
}

function decodeWhole(name: string, bytes: Uint8Array, decode: DecodeBytes): DecodedLog {
  const encoding = textEncodingOf(bytes);
  const text = decodeStrictly(bytes, encoding, decode);
  if (text !== null) return { name, text };
  const lossy = decode(bytes, encoding, false);
  if (encoding !== 'utf-8') {
    const place = new LogText({ name, text: lossy });
    throw place.error(lossy.indexOf('\ufffd'), `found half a character of ${encoding}`);
  }
  const isUtf8Elsewhere = /[\u0080-\ufffc\ufffe\uffff]/.test(lossy);
  if (isUtf8Elsewhere) throw mixed(name, bytes, decode);
  return { name, text: decode(bytes, SINGLE_BYTES, true), encoding: SINGLE_BYTES };
}

/** `null` where the bytes are not what the encoding can be. */
function decodeStrictly(bytes: Uint8Array, encoding: string, decode: DecodeBytes): string | null {
  try {
    return decode(bytes, encoding, true);
  } catch {
    return null;
  }
}

/** Names the first line that is not UTF-8: a line feed is never a part of another character. */
function mixed(name: string, bytes: Uint8Array, decode: DecodeBytes): LogError {
  let [line, start] = [1, 0];
  for (;;) {
    const end = bytes.indexOf(LINE_FEED, start);
    const whole = bytes.subarray(start, end < 0 ? bytes.length : end);
    if (end < 0 || decodeStrictly(whole, 'utf-8', decode) === null) break;
    [line, start] = [line + 1, end + 1];
  }
  return new LogError(
    `${name}, line ${line}: found bytes that are not UTF-8, which other characters of this text are; ` +
      'allowed is one encoding throughout: UTF-8, UTF-16 or Windows-1252',
  );
}

function begins(...beginning: readonly number[]): (bytes: Uint8Array) => boolean {
  return (bytes) => beginning.every((byte, at) => bytes[at] === byte);
}

/** Protocols 2 to 5 of Python's pickle begin with their number; no encoding of text begins with 0x80. */
function isPickle([first, protocol = 0]: Uint8Array): boolean {
  return first === 0x80 && protocol >= 2 && protocol <= 5;
}

/** Whether it begins as UTF-32 does: with a byte order mark, or with one ASCII character in four bytes. */
function isUtf32(bytes: Uint8Array): boolean {
  const four = bytes.subarray(0, 4);
  if (begins(0xff, 0xfe, 0, 0)(four) || begins(0, 0, 0xfe, 0xff)(four)) return true;
  const isOneOf = four.filter((byte) => byte === 0).length === 3;
  return four.length === 4 && isOneOf && (four[0] !== 0 || four[3] !== 0);
}
