import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';

/** A directory for the tests of one file; removed when they are over. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'mpcomm-test-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
