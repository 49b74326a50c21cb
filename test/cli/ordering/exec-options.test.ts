import { describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { execSourceOf, parseGuarantees } from '../../../cli/ordering/exec-options.ts';
import { describeSource } from '../../../cli/ordering/ordering-source.ts';
import { programThat } from '../../support/exec-program.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { PATIENCE_MS } from '../../support/patience.ts';

const MAIN = join(import.meta.dirname, '../../../cli/main.ts');
const directory = temporaryDirectory();

function mpcomm(...words: string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...words], {
    encoding: 'utf8',
    env: { ...process.env, MPCOMM_STATE_DIRECTORY: join(directory, 'state') },
    timeout: PATIENCE_MS,
  });
  return { status, stdout, stderr };
}

/** A program that delivers on arrival, and claims more than it keeps. */
function unorderedClaiming(guarantee: string): string {
  return programThat(
    directory,
    `const { sender, sequence } = event.message;
     const effects = [{ deliver: { sender, sequence } }];
     if (event.event === 'multicast') effects.push({ multicast: { message: event.message } });
     reply({ effects });`,
    `{ reset: true, guarantees: ['${guarantee}'] }`,
  );
}

describe('the options of a program', () => {
  test('become a source, and a source becomes options that a shell reads the same way', () => {
    const exec = `python3 'my file.py'`;
    const source = execSourceOf({ exec, execChannels: 'raw', guarantees: ['fifo', 'total'] })!;
    expect(source).toEqual({ exec, channels: 'raw', guarantees: ['fifo', 'total'] });
    const words = spawnSync('sh', ['-c', `printf '%s\\n' ${describeSource(source)}`]);
    expect(words.stdout.toString().trim().split('\n')).toEqual([
      ...['--exec', exec, '--exec-channels', 'raw', '--guarantees', 'fifo,total'],
    ]);
    expect(execSourceOf({})).toBeNull();
    expect(describeSource({ ordering: 'fifo' })).toBe('--ordering fifo');
    expect(describeSource({ ordering: './mine/ä-1.ts' })).toBe('--ordering ./mine/ä-1.ts');
    expect(describeSource({ ordering: "it's mine/$best.ts" })).toBe(
      String.raw`--ordering 'it'\''s mine/$best.ts'`,
    );
  });

  test('are refused where they mean nothing', () => {
    expect(() => execSourceOf({ guarantees: ['fifo'] })).toThrow(/need --exec/);
    expect(() => execSourceOf({ exec: ' ' })).toThrow(/needs a command/);
    expect(() => parseGuarantees('fifo,order')).toThrow(/"order" is none. Allowed: integrity/);
    expect(parseGuarantees('fifo, total')).toEqual(['fifo', 'total']);
    const both = mpcomm('simulate', '--exec', 'x', '--ordering', 'fifo');
    expect([both.status, both.stderr]).toEqual([2, expect.stringContaining('cannot be used with')]);
  });
});

describe('mpcomm with a program', () => {
  test('simulate prints what --guarantees asks for, and says when it broke', () => {
    const command = unorderedClaiming('integrity');
    const words = ['simulate', '--exec', command, '--peers', '3', '--messages', '20', '--json'];
    const kept = mpcomm(...words);
    const document = JSON.parse(kept.stdout) as { declared: string[]; unorderedRounds: number };
    expect([kept.status, document.declared]).toEqual([0, ['integrity']]);
    expect(mpcomm(...words, '--guarantees', 'total').status).toBe(1);
    expect(mpcomm(...words).stdout).toBe(kept.stdout);
  });

  test('check finds the counterexample, and its replay finds it again', () => {
    const found = mpcomm('check', '--exec', unorderedClaiming('total'), '--seeds', '50');
    expect(found.status).toBe(1);
    expect(found.stdout).toMatch(/breaks total/);
    const replay = /^Replay: npx mpcomm (.*)$/m.exec(found.stdout)![1]!;
    const again = spawnSync('sh', ['-c', `"$0" "$1" ${replay}`, process.execPath, MAIN], {
      encoding: 'utf8',
    });
    expect(again.status).toBe(1);
    expect(again.stderr).toMatch(/declares total, and this run broke that/);
  });

  test('says what a program died of, and ends with a status of its own', () => {
    const dying = programThat(directory, 'console.error("out of ideas"); process.exit(7);');
    const { status, stderr } = mpcomm('simulate', '--exec', dying, '--peers', '2');
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /ordering of peer \d failed at [\d.]+ ms: [^]*status 7\n[^]*out of ideas/,
    );
    const missing = mpcomm('check', '--exec', 'no-such-program-anywhere', '--seeds', '5');
    expect([missing.status, missing.stderr]).toEqual([2, expect.stringMatching(/status 127/)]);
  });
});
