import { describe, expect, test } from '@jest/globals';
import { partPath } from '../../cli/check/job/check-part.ts';
import { paths } from '../../control/documents.ts';
import { checkDocument, parseDocumentPath } from '../../control/document-rules.ts';
import {
  EXPIRING_COLLECTIONS,
  EXPIRY_FIELD,
  expiryOf,
  RETENTION_DAYS,
} from '../../control/retention.ts';

const RUN = '20260131-235959-0a1b2c3d';
const DOCUMENTS = [
  paths.peer('peer-0'),
  paths.lease,
  paths.request('0a1b'),
  paths.run(RUN),
  paths.chunk(RUN, 'peer-0', 0),
  paths.eventPiece(RUN, 'peer-0', 0),
  paths.report(RUN, 'peer-0'),
  paths.comparison(RUN),
  partPath(RUN, 1),
];

describe('how long documents are kept', () => {
  test('is the same for every document, except the one lease', () => {
    const kept = DOCUMENTS.filter((path) => expiryOf(parseDocumentPath(path).collection, 0));
    expect(DOCUMENTS.filter((path) => !kept.includes(path))).toEqual([paths.lease]);
    const names = kept.map((path) => parseDocumentPath(path).collection.split('/').at(-1));
    expect([...names].sort()).toEqual([...EXPIRING_COLLECTIONS].sort());
  });

  test('counts from when it is written', () => {
    const nowMs = Date.UTC(2026, 0, 31, 12);
    const expiry = expiryOf(`runs/${RUN}/chunks`, nowMs)!;
    expect(expiry.getTime() - nowMs).toBe(RETENTION_DAYS * 86_400_000);
  });

  test('takes a field that no caller may use', () => {
    expect(() => checkDocument(paths.run(RUN), { [EXPIRY_FIELD]: 1 })).toThrow(
      'the field "expiresAt" is kept',
    );
  });
});
