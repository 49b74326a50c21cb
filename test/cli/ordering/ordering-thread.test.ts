import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import type { Comparison } from '../../../control/comparison-document.ts';
import type { CheckReport } from '../../../cli/check/render-check.ts';
import { runCommand } from '../../support/run-command.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const ROOT = join(import.meta.dirname, '../../..');
const directory = temporaryDirectory();
const LINK = pathToFileURL(join(ROOT, 'core/channels/reliable-link.ts')).href;

/** An ordering that delivers as it comes, and does something more when its application multicasts. */
function write(name: string, more: string, before = ''): string {
  const file = join(directory, name);
  const text = `import { reliable } from '${LINK}';
${before}
class Mine {
  deadline = Infinity;
  held = 0;
  constructor(out) { this.out = out; }
  multicast(now, message) { this.out.multicast(message); this.out.deliver(message); ${more} }
  receive(now, from, message) { this.out.deliver(message); }
  advance() {}
}
export const create = reliable((group, out) => new Mine(out));
export const guarantees = ['integrity'];
`;
  writeFileSync(file, text);
  return file;
}

const environment = { MPCOMM_STATE_DIRECTORY: join(directory, 'state') };
const check = (file: string, ...more: string[]) =>
  runCommand(['check', file, '--seeds', '20', '--workers', '1', ...more], { environment });
const simulate = (file: string, ...more: string[]) =>
  runCommand(['simulate', '--ordering', file, '--peers', '3', '--messages', '3', ...more], {
    environment,
  });

describe('what an ordering does besides', () => {
  test.each([
    [
      'an async function throws',
      'void (async () => { throw new TypeError("no x"); })();',
      /TypeError: no x/,
    ],
    ['a timer throws', 'setTimeout(() => { throw new TypeError("no x"); }, 0);', /TypeError: no x/],
    [
      'a promise delivers',
      'Promise.resolve().then(() => this.out.deliver(message));',
      /none of its methods runs/,
    ],
  ])('later is found, with its line: %s', async (_what, more, told) => {
    const file = write(`late-${more.length}.mjs`, more);
    const checked = await check(file, '--json');
    const { failure } = JSON.parse(checked.stdout) as CheckReport;
    expect([checked.status, failure?.broke]).toEqual([1, 'failed']);
    expect(failure!.text).toMatch(/^the ordering threw when none of its methods ran/);
    expect(failure!.text).toMatch(told);
    expect(failure!.text).toMatch(/late-\d+\.mjs:7:\d+/);
    expect(failure!.scenario).toMatchObject({ peers: 2, messages: 1 });
    const simulated = await simulate(file, '--json');
    expect(simulated.status).toBe(1);
    expect(simulated.stderr).toMatch(/Not in the run: the ordering threw/);
    expect(simulated.stderr).toMatch(told);
    expect((JSON.parse(simulated.stdout) as Comparison).findings.join()).toMatch(told);
  });

  test.each(['exit(0)', 'abort()', 'kill(process.pid, "SIGKILL")'])(
    'to the process is its failure: process.%s',
    async (call) => {
      const file = write(`ends-${call.length}.mjs`, `process.${call};`);
      const { status, stderr } = await simulate(file);
      expect(status).toBe(1);
      expect(stderr.replaceAll(/\s+/g, ' ')).toMatch(
        /the ordering calls process\.(?:exit|abort|kill)/,
      );
    },
  );

  test('to the process is found by a check, with its line', async () => {
    const file = write('ends.mjs', 'process.exit(0);');
    const { status, stdout } = await check(file, '--json');
    const { failure } = JSON.parse(stdout) as CheckReport;
    expect([status, failure?.broke]).toEqual([1, 'failed']);
    expect(failure!.text).toMatch(/the ordering calls process\.exit/);
    expect(failure!.text).toMatch(/ends\.mjs:7:\d+/);
  });

  test('to standard output is on standard error, and JSON is alone, also where much is printed', async () => {
    const file = write(
      'prints.mjs',
      'console.log("in a call".padEnd(600));',
      'console.log("loaded");',
    );
    const checked = await check(file, '--json');
    expect((JSON.parse(checked.stdout) as CheckReport).failure).toBeNull();
    expect(checked.stderr).toMatch(/loaded[^]*in a call[^]*prints beyond 64 KiB is left out/);
    expect(checked.stderr.length).toBeLessThan(70_000);
    const simulated = await simulate(file, '--json');
    expect(JSON.parse(simulated.stdout)).toMatchObject({ peers: 3 });
    expect(simulated.stderr.match(/in a call/g)).toHaveLength(9);
  });

  test('to what all members share is found, in one run as well', async () => {
    const file = write('shares.mjs', 'globalThis.given = (globalThis.given ?? 0) + 1;');
    const { failure } = JSON.parse((await check(file, '--json')).stdout) as CheckReport;
    expect([failure?.broke, failure?.scenario.messages]).toEqual(['sharing', 1]);
    expect(failure!.text).toMatch(/^the ordering changed globalThis\.given, which all members/);
    expect(failure!.text).not.toMatch(/nothing breaks where/);
    const simulated = await simulate(file, '--json');
    expect(simulated.status).toBe(1);
    expect(simulated.stderr.replaceAll(/\s+/g, ' ')).toMatch(
      /Shared: the ordering changed globalThis\.given/,
    );
    const { findings } = JSON.parse(simulated.stdout) as Comparison;
    expect(findings.at(-1)).toMatch(/^Shared: the ordering changed globalThis\.given/);
  });

  test('to memory is told, with the call', async () => {
    const file = write('grows.mjs', 'const all = []; for (;;) all.push(new Array(1e5).fill(1));');
    const limited = { ...environment, NODE_OPTIONS: '--max-old-space-size=150' };
    const simulated = await runCommand(['simulate', '--ordering', file], { environment: limited });
    expect(simulated.status).toBe(1);
    expect(simulated.stderr).toMatch(
      /took more memory than its thread has \(\d+ MB\), in call 1 of it, multicast of peer \d/,
    );
    const checked = await runCommand(['check', file, '--seeds', '3', '--workers', '1', '--json'], {
      environment: limited,
    });
    const { failure } = JSON.parse(checked.stdout) as CheckReport;
    expect([checked.status, failure?.broke]).toEqual([1, 'endless']);
    expect(failure!.text).toMatch(/took more memory than its thread has/);
  });
});
