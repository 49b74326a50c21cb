/**
 * The libraries that Debian 13's image for Compute Engine has whatever is installed on it: those of glibc, and
 * the two of GCC that apt itself is linked with. Node 25 needs libatomic besides, which is in none of its
 * packages that are always there; no mirror is reached from a peer that could bring it.
 */
export const DEBIAN_LIBRARIES: readonly string[] = [
  'ld-linux-x86-64.so.2',
  'libc.so.6',
  'libdl.so.2',
  'libgcc_s.so.1',
  'libm.so.6',
  'libpthread.so.0',
  'libstdc++.so.6',
];

/** Identification, class 64 bit, little-endian: the only form that is read here. */
const ELF_64_LITTLE = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
const SEGMENT_LOAD = 1;
const SEGMENT_DYNAMIC = 2;
const TAG_NEEDED = 1n;
const TAG_STRING_TABLE = 5n;
const DYNAMIC_ENTRY_BYTES = 16;

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: bigint;
  readonly bytes: number;
}

/**
 * The shared libraries that the loader wants for a program, as its entries NEEDED name them, in their order. Throws
 * where `program` is not a 64-bit ELF file that is linked dynamically. Offsets and tags are those of the System V
 * ABI, chapters "Program Header" and "Dynamic Section" (https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html).
 */
export function neededLibraries(program: Buffer): string[] {
  if (!program.subarray(0, ELF_64_LITTLE.length).equals(ELF_64_LITTLE)) {
    throw new Error('no 64-bit little-endian ELF file');
  }
  const segments = readSegments(program);
  const dynamic = segments.find(({ type }) => type === SEGMENT_DYNAMIC);
  if (dynamic === undefined) throw new Error('the program is not linked dynamically');
  const entries = readDynamic(program, dynamic);
  const table = entries.find(({ tag }) => tag === TAG_STRING_TABLE);
  if (table === undefined) throw new Error('the program has no table of strings');
  const names = fileOffset(segments, table.value);
  return entries
    .filter(({ tag }) => tag === TAG_NEEDED)
    .map(({ value }) => readText(program, names + Number(value)));
}

/** The libraries of a program that Debian's image lacks. */
export function librariesBeyondDebian(program: Buffer): string[] {
  return neededLibraries(program).filter((name) => !DEBIAN_LIBRARIES.includes(name));
}

function readSegments(program: Buffer): Segment[] {
  const [first, bytes, count] = [
    Number(program.readBigUInt64LE(0x20)),
    program.readUInt16LE(0x36),
    program.readUInt16LE(0x38),
  ];
  return Array.from({ length: count }, (_unused, index) => {
    const at = first + index * bytes;
    return {
      type: program.readUInt32LE(at),
      offset: Number(program.readBigUInt64LE(at + 0x08)),
      address: program.readBigUInt64LE(at + 0x10),
      bytes: Number(program.readBigUInt64LE(at + 0x20)),
    };
  });
}

function readDynamic(
  program: Buffer,
  { offset, bytes }: Segment,
): { tag: bigint; value: bigint }[] {
  return Array.from({ length: bytes / DYNAMIC_ENTRY_BYTES }, (_unused, index) => {
    const at = offset + index * DYNAMIC_ENTRY_BYTES;
    return { tag: program.readBigInt64LE(at), value: program.readBigUInt64LE(at + 8) };
  });
}

/** The dynamic section names addresses in memory; the segment that is loaded there tells where that is in the file. */
function fileOffset(segments: readonly Segment[], address: bigint): number {
  const segment = segments.find(
    (each) =>
      each.type === SEGMENT_LOAD &&
      address >= each.address &&
      address < each.address + BigInt(each.bytes),
  );
  if (segment === undefined) throw new Error('the table of strings lies in no part of the file');
  return segment.offset + Number(address - segment.address);
}

function readText(program: Buffer, at: number): string {
  return program.toString('latin1', at, program.indexOf(0, at));
}
