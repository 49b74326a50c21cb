import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { COLOURED, PLAIN, processTerminal } from '../../../cli/shell/terminal.ts';

const STREAMS = [process.stdout, process.stderr];
const before = STREAMS.map(({ isTTY }) => isTTY);

beforeEach(() => {
  for (const stream of STREAMS) stream.isTTY = true;
});
afterEach(() => {
  for (const [index, stream] of STREAMS.entries()) stream.isTTY = before[index]!;
  jest.restoreAllMocks();
});

test.each([
  [{ TERM: 'xterm' }, true, COLOURED],
  [{ TERM: 'xterm', NO_COLOR: '1' }, true, PLAIN],
  [{ TERM: 'xterm', NO_COLOR: '' }, true, COLOURED],
  [{ TERM: 'dumb' }, false, PLAIN],
])('of %p rewrites lines: %p', (environment, isRewritten, paint) => {
  jest.replaceProperty(process, 'env', environment);
  const terminal = processTerminal();
  expect(terminal.status.isTTY).toBe(isRewritten);
  expect(terminal.paint).toBe(paint);
});
