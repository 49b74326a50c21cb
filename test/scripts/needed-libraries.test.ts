import { describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DEBIAN_LIBRARIES,
  librariesBeyondDebian,
  neededLibraries,
} from '../../scripts/bundles/needed-libraries.ts';

const NODE = join(import.meta.dirname, '../../node_modules/node/bin/node');
const isForPeers = existsSync(NODE) && process.platform === 'linux' && process.arch === 'x64';

/** The smallest 64-bit ELF program that needs `libraries`: two segments, and strings behind them. */
function programThatNeeds(libraries: readonly string[]): Buffer {
  const [headers, entries] = [0x40, 0x40 + 2 * 0x38];
  const strings = entries + 16 * (libraries.length + 2);
  const loadedAt = 0x400000n;
  const text = Buffer.from(`\0${libraries.map((name) => `${name}\0`).join('')}`);
  const program = Buffer.concat([Buffer.alloc(strings), text]);
  program.set([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
  program.writeBigUInt64LE(BigInt(headers), 0x20);
  program.writeUInt16LE(0x38, 0x36);
  program.writeUInt16LE(2, 0x38);
  const segment = (at: number, type: number, offset: number, bytes: number) => {
    program.writeUInt32LE(type, at);
    program.writeBigUInt64LE(BigInt(offset), at + 0x08);
    program.writeBigUInt64LE(loadedAt + BigInt(offset), at + 0x10);
    program.writeBigUInt64LE(BigInt(bytes), at + 0x20);
  };
  segment(headers, 1, 0, program.length);
  segment(headers + 0x38, 2, entries, strings - entries);
  let name = 1;
  const values = libraries.map((library) => {
    const at = name;
    name += library.length + 1;
    return [1n, BigInt(at)] as const;
  });
  for (const [index, [tag, value]] of [
    ...values,
    [5n, loadedAt + BigInt(strings)] as const,
    [0n, 0n] as const,
  ].entries()) {
    program.writeBigInt64LE(tag, entries + 16 * index);
    program.writeBigUInt64LE(value, entries + 16 * index + 8);
  }
  return program;
}

describe('the libraries that a program needs', () => {
  test('are those that its dynamic section names', () => {
    const libraries = ['libc.so.6', 'libatomic.so.1'];
    expect(neededLibraries(programThatNeeds(libraries))).toEqual(libraries);
    expect(librariesBeyondDebian(programThatNeeds(libraries))).toEqual(['libatomic.so.1']);
    expect(librariesBeyondDebian(programThatNeeds(DEBIAN_LIBRARIES))).toEqual([]);
  });

  test('are not guessed where there is no such program', () => {
    expect(() => neededLibraries(Buffer.from('#!/bin/sh\n'))).toThrow('no 64-bit');
    const still = programThatNeeds([]);
    // Its second segment is any other one.
    still.writeUInt32LE(4, 0x40 + 0x38);
    expect(() => neededLibraries(still)).toThrow('not linked dynamically');
  });
});

(isForPeers ? test : test.skip)(
  'the Node that peers run needs what Debian has, and no libatomic',
  () => {
    const binary = readFileSync(NODE);
    expect(neededLibraries(binary)).toContain('libstdc++.so.6');
    expect(librariesBeyondDebian(binary)).toEqual([]);
  },
);
