import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const SCRIPT = join(import.meta.dirname, '../../scripts/rehearse.ts');

test('a rehearsal does not begin where options are given, as somebody does who looks for its help', () => {
  const { status, stderr } = spawnSync(process.execPath, [SCRIPT, '--fast'], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([2, 'rehearse takes no options: --fast\n']);
});
