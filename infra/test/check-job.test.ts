import assert from 'node:assert/strict';
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { taskCommand } from '../check-job.ts';

const PROGRAM = 'process.stdout.write(process.argv.slice(2).join("|")); process.exit(7);\n';

/** The command of the container, run by the same shell and the same tools; the bucket is a folder. */
describe('a task of the job', () => {
  const bucket = mkdtempSync(join(tmpdir(), 'mpcomm check '));
  after(() => rmSync(bucket, { recursive: true }));

  function runTask(content: string, ...overrides: string[]): SpawnSyncReturns<string> {
    const name = 'check-1.mjs';
    writeFileSync(join(bucket, name), content);
    const sha256 = createHash('sha256').update(PROGRAM).digest('hex');
    const [command, ...words] = taskCommand(name, sha256, bucket);
    const env = { PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}` };
    return spawnSync(command!, [...words, ...overrides], {
      encoding: 'utf8',
      env,
      timeout: 30_000,
    });
  }

  test('is told what to check as one word, whatever is in it, and ends as the program does', () => {
    const job = '{"ordering":"fifo", "a": "$(reboot) \'x\' `y`"}';
    const { status, stdout, stderr } = runTask(PROGRAM, job);
    assert.deepEqual([status, stdout, stderr], [7, job, '']);
  });

  test('runs nothing that is not what was deployed, and says so', () => {
    const { status, stdout, stderr } = runTask(`${PROGRAM} `, '{}');
    assert.deepEqual([status, stdout], [1, '']);
    assert.match(stderr, /^mpcomm: .*check-1\.mjs is not what was deployed\n$/);
  });
});
