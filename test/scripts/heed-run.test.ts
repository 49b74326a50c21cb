import { describe, expect, test } from '@jest/globals';
import { paths } from '../../control/documents.ts';
import { heedRun } from '../../scripts/deployment/heed-run.ts';
import { FakeTools } from '../support/fake-tools.ts';

const RUN_ID = '20260131-120000-00000000';
const PROJECT = 'my-laboratory';
const REMEMBERED = { project: PROJECT };

function toolsWith(documents: Record<string, unknown> | null): FakeTools {
  const tools = new FakeTools();
  tools.documents = documents;
  return tools;
}

function lease(forMs: number, runId = RUN_ID): Record<string, unknown> {
  return { [paths.lease]: { runId, untilMs: Date.now() + forMs } };
}

describe('a deployment beside a run', () => {
  test('says that it would end it, before it asks', async () => {
    const tools = toolsWith(lease(600_000));
    expect(await heedRun(tools, { project: PROJECT, yes: false }, REMEMBERED)).toBe(null);
    expect(tools.said).toMatch(/^Run 20260131-120000-00000000 is under way, until .* end it\.$/m);
    expect(tools.pausedMs).toBe(0);
  });

  test('waits for its comparison where nobody is asked', async () => {
    const tools = toolsWith(lease(600_000));
    tools.onPaused = () => {
      if (tools.pausedMs === 45_000) tools.documents![paths.comparison(RUN_ID)] = {};
    };
    await heedRun(tools, { project: PROJECT, yes: true }, REMEMBERED);
    expect(tools.said).toContain('this waits for its end');
    expect(tools.pausedMs).toBe(45_000);
  });

  test('waits no longer than its lease, nor for the run after it', async () => {
    const tools = toolsWith(lease(600_000));
    await heedRun(tools, { project: PROJECT, yes: true }, REMEMBERED);
    expect(tools.pausedMs).toBe(615_000);
    const next = toolsWith(lease(600_000));
    next.onPaused = () => (next.documents = lease(600_000, '20260131-120000-00000001'));
    await heedRun(next, { project: PROJECT, yes: true }, REMEMBERED);
    expect(next.pausedMs).toBe(15_000);
  });

  test.each([
    ['no lease', {}],
    ['a lease that is over', lease(-1)],
    ['a run that was compared', { ...lease(600_000), [paths.comparison(RUN_ID)]: {} }],
  ])('says nothing of %s', async (_name, documents) => {
    const tools = toolsWith(documents);
    expect(await heedRun(tools, { project: PROJECT, yes: true }, REMEMBERED)).toBe(null);
    expect([tools.said, tools.pausedMs]).toEqual(['', 0]);
  });

  test('asks nothing where nothing was deployed before', async () => {
    const tools = toolsWith(null);
    expect(await heedRun(tools, { project: PROJECT, yes: false }, {})).toBe(null);
    expect(tools.calls).toEqual([]);
  });

  test('goes on where it cannot be known, and says so', async () => {
    const unknown = await heedRun(
      toolsWith(null),
      { project: PROJECT, yes: true },
      { ...REMEMBERED, database: 'other' },
    );
    expect(unknown).toContain('whether a run was under way, which this then ended: Firestore does');
  });
});
