import fc from 'fast-check';
import { LIMITS } from '../../control/limits.ts';

/** A request that no function may accept. */
export interface MalformedRequest {
  /** What is wrong with it. */
  readonly kind: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const JSON_HEADERS = { 'content-type': 'application/json' };
const VALID = { peers: 3, messages: 5 };
const FIELDS = ['peers', 'messages', 'ordering', 'intervalMs', 'payloadBytes', 'deadlineMs'];

const text = (value: unknown) => JSON.stringify(value);

/** Numbers that are no integers of any field's range, as JSON spells them. */
const hugeNumber = fc.constantFrom('1e400', '-1e400', '9'.repeat(400), '-0.5', '2.5');
const wrongValue = fc.oneof(
  fc.constantFrom('null', 'true', '"3"', '[]', '{}', '[3]', '"\\u0000"', '""'),
  fc.string().map(text),
  fc.double({ noInteger: true, noNaN: true, noDefaultInfinity: true }).map(text),
  fc.integer({ min: -0x8000_0000, max: -1 }).map(text),
  hugeNumber,
);

/** A valid body whose field has a value of a wrong type or size; spelled by hand, so that JSON may be odd. */
const wrongField = fc
  .tuple(fc.constantFrom(...FIELDS), wrongValue)
  .map(([field, value]) => `{"peers":3,"messages":5,"${field}":${value}}`);

const PROTOTYPE_KEYS = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'];
const prototypeKey = fc
  .tuple(fc.constantFrom(...PROTOTYPE_KEYS), fc.constantFrom('{}', '1', '{"peers":3}', 'null'))
  .map(([key, value]) => `{"peers":3,"messages":5,"${key}":${value}}`);

const deep = fc
  .tuple(fc.integer({ min: 100, max: 7_000 }), fc.boolean())
  .map(([depth, inArray]) => {
    const nested = inArray
      ? '['.repeat(depth) + ']'.repeat(depth)
      : `${'{"a":'.repeat(depth >> 2)}1${'}'.repeat(depth >> 2)}`;
    return `{"peers":3,"messages":5,"zones":${nested}}`;
  });

const notAnObject = fc.oneof(
  fc.constantFrom(
    '',
    'null',
    '3',
    '"run"',
    'true',
    '[]',
    '[{}]',
    '{',
    '{}{}',
    '\uFEFF{',
    "{'a':1}",
  ),
  fc.string().filter((each) => !isJsonObject(each)),
);

/** Bytes that are not UTF-8, inside and outside of a string. */
const notUtf8 = fc
  .uint8Array({ minLength: 1, maxLength: 64 })
  .map((bytes) =>
    Buffer.concat([Buffer.from('{"peers":3,"messages":5,"x'), bytes, Buffer.from([0xff, 0xfe])]),
  );

const oversized = fc
  .integer({ min: LIMITS.requestBytesMax + 1, max: 20 * LIMITS.requestBytesMax })
  .map((length) => text(VALID).padEnd(length));

const contentType = fc.constantFrom(
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/json; charset=utf-16',
  'application/jsonx',
  'application/xml',
  'a/b; application/json',
  '*/*',
);
const encoding = fc.constantFrom('gzip', 'br', 'deflate', 'x');
const method = fc.constantFrom('GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS');
const lostPath = fc.constantFrom(
  '/runs',
  '/run/',
  '//run',
  '/run%20',
  '/..',
  '/%',
  '/RUN',
  '/a?run',
);
const badKey = fc.constantFrom('with space', 'k'.repeat(256), 'x\u00e9');

function toRun(kind: string, body: fc.Arbitrary<string | Buffer>): fc.Arbitrary<MalformedRequest> {
  const path = '/run';
  return body.map((each) => ({
    ...{ kind, method: 'POST', path, headers: JSON_HEADERS },
    body: Buffer.from(each),
  }));
}

function withHeaders(
  kind: string,
  headers: fc.Arbitrary<Record<string, string>>,
): fc.Arbitrary<MalformedRequest> {
  return headers.map((each) => ({
    ...{ kind, method: 'POST', path: '/run', body: Buffer.from(text(VALID)) },
    headers: { ...JSON_HEADERS, ...each },
  }));
}

const wrongMethod = fc
  .tuple(method, fc.constantFrom('/run', '/exit', '/expire', '/compare'))
  .map(([each, path]) => ({
    ...{ kind: 'wrong method', method: each, path, headers: {}, body: Buffer.alloc(0) },
  }));

const wrongPath = lostPath.map((path) => ({
  ...{ kind: 'wrong path', method: 'POST', path, headers: JSON_HEADERS },
  body: Buffer.from(text(VALID)),
}));

const noEvent = fc.constantFrom('', 'x', '[', '{"context":1}', 'null').map((body) => ({
  ...{ kind: 'no event', method: 'POST', path: '/compare', headers: JSON_HEADERS },
  body: Buffer.from(body),
}));

/** Requests in well-formed HTTP of which every single one must be answered with 4xx. */
export const malformedRequest: fc.Arbitrary<MalformedRequest> = fc.oneof(
  { weight: 6, arbitrary: toRun('wrong field', wrongField) },
  { weight: 2, arbitrary: toRun('prototype key', prototypeKey) },
  { weight: 2, arbitrary: toRun('deep nesting', deep) },
  { weight: 3, arbitrary: toRun('not an object', notAnObject) },
  { weight: 2, arbitrary: toRun('not UTF-8', notUtf8) },
  { weight: 1, arbitrary: toRun('oversized', oversized) },
  {
    weight: 2,
    arbitrary: withHeaders(
      'wrong content type',
      contentType.map((each) => ({ 'content-type': each })),
    ),
  },
  {
    weight: 1,
    arbitrary: withHeaders(
      'encoded',
      encoding.map((each) => ({ 'content-encoding': each })),
    ),
  },
  {
    weight: 1,
    arbitrary: withHeaders(
      'bad key',
      badKey.map((each) => ({ 'idempotency-key': each })),
    ),
  },
  { weight: 2, arbitrary: wrongMethod },
  { weight: 2, arbitrary: wrongPath },
  { weight: 1, arbitrary: noEvent },
);

function isJsonObject(body: string): boolean {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
