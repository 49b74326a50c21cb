import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import {
  decodeLog,
  type DecodeBytes,
  type DecodedLog,
  isGzip,
} from '../../control/logs/decode-log.ts';
import { Failure } from '../shell/failure.ts';
import type { LogSource } from './log-source.ts';

const MEGABYTE = 1_048_576;

/** The most that is read of one log: a string of V8 has 512 MB less 24 characters at most. */
export const LOG_BYTES_MAX = 500 * MEGABYTE;

/**
 * Reads a log to its end and makes a text of it. Throws `Failure`, as a reason without the name, for what is too large or
 * damaged, `LogError` for what is no text, and the reason of `signal` as soon as it is aborted.
 */
export async function readLogSource(
  source: LogSource,
  signal: AbortSignal,
  bytesMax = LOG_BYTES_MAX,
): Promise<DecodedLog> {
  const { name, bytes: size } = source;
  const most = megabytes(bytesMax);
  if (size !== null && size > bytesMax) {
    throw new Failure(`it is ${megabytes(size)}; at most ${most} can be read`);
  }
  const bytes = await readWhole(source.open(), signal, bytesMax);
  if (bytes === null) throw new Failure(`it does not end within the ${most} that can be read`);
  if (!isGzip(bytes)) return decodeLog(name, bytes, decode);
  const unpacked = await unpack(bytes, bytesMax);
  return { ...decodeLog(name, unpacked, decode), unpackedBy: 'gunzip' };
}

const decode: DecodeBytes = (bytes, encoding, fatal) => {
  return new TextDecoder(encoding, { fatal }).decode(bytes);
};

/** All bytes of a stream, or `null` where it has more than `bytesMax`. */
async function readWhole(
  stream: Readable,
  signal: AbortSignal,
  bytesMax: number,
): Promise<Buffer | null> {
  const giveUp = () => stream.destroy(signal.reason as Error);
  signal.addEventListener('abort', giveUp, { once: true });
  if (signal.aborted) giveUp();
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > bytesMax) return null;
      chunks.push(chunk);
    }
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
  return Buffer.concat(chunks, length);
}

async function unpack(bytes: Buffer, bytesMax: number): Promise<Buffer> {
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: bytesMax });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Failure(
      code === 'ERR_BUFFER_TOO_LARGE'
        ? `unpacked it is larger than the ${megabytes(bytesMax)} that can be read`
        : `it was compressed by gzip, and is damaged: ${message}`,
    );
  }
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / MEGABYTE)} MB`;
}
