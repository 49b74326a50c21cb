import assert from 'node:assert/strict';
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { taskCommand } from '../check-job.ts';
import { HANGS_AFTER_MS } from './hangs-after.ts';

const PROGRAM = 'process.stdout.write(process.argv.slice(2).join("|")); process.exit(7);\n';

/** The command of the container, run by the same shell and the same tools; the bucket is a folder. */
describe('a task of the job', () => {
  const bucket = mkdtempSync(join(tmpdir(), 'mpcomm check '));
  after(() => rmSync(bucket, { recursive: true }));

  function runTask(
    content: string,
    overrides: readonly string[],
    env: Readonly<Record<string, string>> = {},
    deployed = PROGRAM,
  ): SpawnSyncReturns<string> {
    const name = 'check-1.mjs';
    writeFileSync(join(bucket, name), content);
    const sha256 = createHash('sha256').update(deployed).digest('hex');
    const [command, ...words] = taskCommand(name, sha256, bucket);
    const PATH = `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`;
    return spawnSync(command!, [...words, ...overrides], {
      encoding: 'utf8',
      env: { PATH, ...env },
      timeout: HANGS_AFTER_MS,
    });
  }

  test('is told what to check as one word, whatever is in it, and ends as the program does', () => {
    const job = '{"ordering":"fifo", "a": "$(reboot) \'x\' `y`"}';
    const { status, stdout, stderr } = runTask(PROGRAM, [job]);
    assert.deepEqual([status, stdout, stderr], [7, job, '']);
  });

  test('hands on the variables that it reads, and none with which somebody could have Node run more', () => {
    const program = 'process.stdout.write(JSON.stringify(process.env));\n';
    const foreign = 'data:text/javascript,process.exit(66)';
    const env = {
      MPCOMM_PROJECT: 'my-laboratory',
      CLOUD_RUN_TASK_INDEX: '3',
      NODE_OPTIONS: `--import ${foreign}`,
      LD_LIBRARY_PATH: '/nowhere',
    };
    const { status, stdout } = runTask(program, [], env, program);
    assert.equal(status, 0);
    const seen = JSON.parse(stdout) as Record<string, string>;
    assert.deepEqual(
      Object.entries(seen).filter(([name, value]) => value !== '' && name !== 'PATH'),
      [
        ['MPCOMM_PROJECT', 'my-laboratory'],
        ['CLOUD_RUN_TASK_INDEX', '3'],
      ],
    );
  });

  test('runs nothing that is not what was deployed, and says so', () => {
    const { status, stdout, stderr } = runTask(`${PROGRAM} `, ['{}']);
    assert.deepEqual([status, stdout], [1, '']);
    assert.match(stderr, /^mpcomm: .*check-1\.mjs is not what was deployed\n$/);
  });
});
