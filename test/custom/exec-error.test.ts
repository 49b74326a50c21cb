import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { hintOfUnrunnable } from '../../custom/exec-error.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const script = join(temporaryDirectory(), 'script.sh');

test('a program that is there and cannot be run is told why', () => {
  expect(hintOfUnrunnable(`${script} --fast`, 127)).toBeNull();
  writeFileSync(script, '#!/bin/sh\n');
  expect(hintOfUnrunnable(`${script} --fast`, 126)).toMatch(/script\.sh may not be run: chmod \+x/);
  expect(hintOfUnrunnable(script, 1)).toBeNull();
  writeFileSync(script, '#!/bin/sh\r\n');
  expect(hintOfUnrunnable(script, 127)).toMatch(/script\.sh has Windows line ends/);
});
