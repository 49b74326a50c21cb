import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { runIdOfEvent } from '../../functions/event-run-id.ts';

const RUN = '20260131-120000-0a1b2c3d';
const PATH = `runs/${RUN}/reports/peer-1`;
const RESOURCE = `projects/p/databases/(default)/documents/${PATH}`;

describe('the run of an event', () => {
  test.each([
    { document: PATH },
    { subject: `documents/${PATH}` },
    { subject: 'something else', document: PATH },
    { document: 'something else', subject: `documents/${PATH}` },
    { resource: RESOURCE },
    { resource: { service: 'firestore.googleapis.com', name: RESOURCE } },
    { context: { resource: { name: RESOURCE } } },
  ])('is found in %j', (event) => {
    expect(runIdOfEvent(event)).toBe(RUN);
  });

  test.each([
    null,
    undefined,
    'text',
    {},
    { document: 7 },
    { document: `runs/${RUN}` },
    { document: `runs/${RUN}/chunks/peer-1.000000` },
    { document: `${PATH}/more/x` },
    { document: `xruns/${RUN}/reports/peer-1` },
    { document: 'runs/20260131/reports/peer-1' },
    { document: `runs/${RUN}/reports/Peer 1` },
    { document: `runs/${RUN}/../reports/peer-1` },
    { context: 7, resource: null },
  ])('is not found in %j', (event) => {
    expect(runIdOfEvent(event)).toBeNull();
  });

  test('is never an exception', () => {
    const property = fc.property(fc.anything(), fc.string(), (value, text) => {
      expect(runIdOfEvent(value)).toBeNull();
      expect(runIdOfEvent({ document: text, subject: value, resource: value })).toBeNull();
    });
    fc.assert(property, { numRuns: 200 });
  });
});
