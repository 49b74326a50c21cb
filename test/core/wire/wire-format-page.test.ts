import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kind } from '../../../core/message.ts';
import { ORDERINGS } from '../../../core/orderings/registry.ts';
import {
  DatagramType,
  HEADER_BYTES,
  TAG_BYTES,
  WIRE_VERSION,
} from '../../../core/wire/datagram.ts';

/** The page that says what is on the wire says what is sent today. */
const PAGE = readFileSync(join(import.meta.dirname, '../../../docs/wire-format.md'), 'utf8');

describe('docs/wire-format.md', () => {
  test('has the version that datagrams have', () => {
    expect(PAGE).toContain(`# The wire format, version ${WIRE_VERSION}\n`);
    expect(PAGE).toContain(`the upper four bits: ${WIRE_VERSION} `);
  });

  test('has the lengths of header and tag, and every type of datagram', () => {
    expect(PAGE).toMatch(new RegExp(`\\| +${HEADER_BYTES} \\| +n \\| body`));
    expect(PAGE).toMatch(new RegExp(`\\| ${HEADER_BYTES} \\+ n \\| +${TAG_BYTES} \\| tag`));
    const types = Object.values(DatagramType).sort((a, b) => a - b);
    expect([...PAGE.matchAll(/^\|.*\| type .*$/gm)][0]?.[0].match(/\d+(?= [a-z])/g)).toEqual(
      types.map(String),
    );
  });

  test('names every kind of message that carries no application’s data', () => {
    const own = [...ORDERINGS.values()].flatMap((entry) =>
      Object.entries(entry.ownMessages?.kinds ?? {}),
    );
    const kinds = [...Object.entries(Kind), ...own];
    const inWords = new Set(['data', 'linkAck', 'heartbeat', 'exec']);
    expect(kinds.filter(([name]) => !inWords.has(name) && !PAGE.includes(name))).toEqual([]);
    const ranges = [...PAGE.matchAll(/\((?:kinds? )?(\d+)(?: (?:to|and) (\d+))?[,)]/g)].map(
      ([, first, last]): [number, number] => [Number(first), Number(last ?? first)],
    );
    const isThere = (kind: number): boolean =>
      kind === Kind.data || ranges.some(([first, last]) => first <= kind && kind <= last);
    expect(kinds.filter(([, kind]) => !isThere(kind))).toEqual([]);
  });
});
