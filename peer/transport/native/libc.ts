import { getSystemErrorName } from 'node:util';

/** The few functions of the C library that sending and receiving in pieces need, as they are on Linux. */
export interface Libc {
  /** A socket's number. Throws when the system refuses, as do `setOption` and `bind`. */
  openSocket(family: number, type: number): number;
  setOption(fd: number, level: number, name: number, value: number): void;
  /** Binds to the numeric `address`, of the socket's family. */
  bind(fd: number, address: string, port: number): void;
  close(fd: number): void;
  /**
   * Sends `count` messages, of which the first has its header (`struct mmsghdr`) at the address `headers`. How many
   * the system took; none where it refused the first one, for whatever reason.
   */
  sendMessages(fd: number, headers: number, count: number): number;
  /** Where the contents of `memory` are, and stay for as long as somebody holds it. */
  readonly addressOf: (memory: ArrayBuffer) => number;
}

/** Why there is no native transport here. */
export class NativeTransportError extends Error {
  override name = 'NativeTransportError';
}

export const AF_INET = 2;
export const AF_INET6 = 10;
const MSG_DONTWAIT = 0x40;
const SOCKADDR_BYTES = { [AF_INET]: 16, [AF_INET6]: 28 } as const;
const SOCKADDR_ADDRESS_AT = { [AF_INET]: 4, [AF_INET6]: 8 } as const;
/** Structures are laid out for these, which have the same; both count bytes from the least significant one. */
const ARCHITECTURES: readonly string[] = ['x64', 'arm64'];

/** What is used of koffi, whose own types are there only where it is installed. */
interface Koffi {
  load(path: null): { func(declaration: string): (...parameters: unknown[]) => number };
  errno(): number;
  address(memory: ArrayBuffer): bigint;
}

/**
 * Opens the C library by koffi, which is an optional dependency. Throws NativeTransportError on another system
 * than Linux, and where koffi is not installed.
 */
export async function loadLibc(
  platform: string = process.platform,
  architecture: string = process.arch,
): Promise<Libc> {
  if (platform !== 'linux' || !ARCHITECTURES.includes(architecture)) {
    throw new NativeTransportError(
      `the native transport is for Linux on ${ARCHITECTURES.join(' or ')}; this is ${platform} on ${architecture}`,
    );
  }
  return bindFunctions(await importKoffi());
}

async function importKoffi(): Promise<Koffi> {
  // A name that neither the compiler nor a bundler looks for: without koffi, everything else works.
  const name: string = 'koffi';
  try {
    return ((await import(name)) as { default: Koffi }).default;
  } catch (error) {
    throw new NativeTransportError('the native transport needs the package koffi', {
      cause: error,
    });
  }
}

function bindFunctions(koffi: Koffi): Libc {
  const library = koffi.load(null);
  const socket = library.func('int socket(int, int, int)');
  const setsockopt = library.func('int setsockopt(int, int, int, const void *, unsigned int)');
  const bind = library.func('int bind(int, const void *, unsigned int)');
  const close = library.func('int close(int)');
  const toBytes = library.func('int inet_pton(int, const char *, void *)');
  const sendmmsg = library.func('int sendmmsg(int, uintptr_t, unsigned int, int)');
  const checked = (call: string, result: number): number => {
    if (result >= 0) return result;
    const code = getSystemErrorName(-koffi.errno());
    throw Object.assign(new Error(`${call}: ${code}`), { code });
  };
  return {
    openSocket: (family, type) => checked('socket', socket(family, type, 0)),
    setOption: (fd, level, name, value) => {
      const size = Int32Array.BYTES_PER_ELEMENT;
      checked('setsockopt', setsockopt(fd, level, name, Int32Array.of(value), size));
    },
    bind: (fd, address, port) => {
      const family = address.includes(':') ? AF_INET6 : AF_INET;
      const name = new DataView(new ArrayBuffer(SOCKADDR_BYTES[family]));
      const bytes = new Uint8Array(name.buffer, SOCKADDR_ADDRESS_AT[family]);
      name.setUint16(0, family, true);
      name.setUint16(2, port);
      if (toBytes(family, address, bytes) !== 1) throw new Error(`${address} is no IP address`);
      checked(`bind ${address}:${port}`, bind(fd, name.buffer, name.byteLength));
    },
    close: (fd) => void close(fd),
    sendMessages: (fd, headers, count) => Math.max(0, sendmmsg(fd, headers, count, MSG_DONTWAIT)),
    addressOf: (memory) => Number(koffi.address(memory)),
  };
}
