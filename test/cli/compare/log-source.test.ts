import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  constants,
  linkSync,
  mkdirSync,
  openSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { findSource, type LogSource } from '../../../cli/compare/log-source.ts';
import { LOG_BYTES_MAX, readLogSource } from '../../../cli/compare/read-log-source.ts';
import { isPrintable } from '../../../control/printable.ts';
import { eventually } from '../../support/eventually.ts';
import { LAUNCHER, runCommand, runHere } from '../../support/run-command.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const folder = temporaryDirectory();
const LOG = '0 0\n1 0\n0 1\n1 1\n';
const [first, second] = ['log0.log', 'log1.log'].map((name) => write(name, LOG)) as [
  string,
  string,
];

function write(name: string, text: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const compare = (...words: string[]) => runHere('compare', ...words);
const never = new AbortController().signal;

async function source(word: string): Promise<LogSource> {
  const found = await findSource(word);
  if ('open' in found) return found;
  throw new Error(found.reason);
}

describe('what cannot be read is named, with what would be right', () => {
  test.each([
    ['absent.log', 'there is no such file'],
    ['log*.log', 'there is no such file, and in quotes no shell makes files of a pattern; give'],
    ['.', 'it is a folder; give its files, such as '],
  ])('%s', async (name, reason) => {
    const path = join(folder, name);
    await expect(compare(first, path)).rejects.toThrow(`${path} cannot be read: ${reason}`);
  });

  test('a folder with the pattern that its files have', async () => {
    mkdirSync(join(folder, 'logs'));
    await expect(compare(first, `${folder}/logs/`)).rejects.toThrow(`as ${folder}/logs/*.csv`);
  });

  test('too large a file, before it is read', async () => {
    const large = write('large.log', '');
    truncateSync(large, LOG_BYTES_MAX + 200 * 1_048_576);
    await expect(compare(first, large)).rejects.toThrow(
      'large.log cannot be read: it is 700 MB; at most 500 MB can be read',
    );
  });

  test('what never ends, while it is read', async () => {
    const read = readLogSource(await source('/dev/zero'), never, 5_000_000);
    await expect(read).rejects.toThrow('it does not end within the 5 MB that can be read');
  });
});

describe('a file that is compressed by gzip', () => {
  test('is unpacked, and that is said', async () => {
    const packed = write('log2.log', gzipSync(LOG));
    const { text } = await compare(first, packed);
    expect(text).toContain('0 of 4 rounds unordered');
    expect(text).toContain('Unpacked by gunzip:');
  });

  test('is refused where it is damaged, or larger than can be read', async () => {
    const damaged = write('damaged.gz', gzipSync(LOG).subarray(0, 15));
    await expect(compare(first, damaged)).rejects.toThrow('is damaged: unexpected end of file');
    const large = await source(write('large.gz', gzipSync(Buffer.alloc(3_000_000, '0 0\n'))));
    await expect(readLogSource(large, never, 2_000_000)).rejects.toThrow('unpacked it is larger');
  });
});

describe('one file as two peers', () => {
  test('is refused, by whatever paths it is given', async () => {
    const [link, hard] = [join(folder, 'link.log'), join(folder, 'hard.log')];
    symlinkSync(first, link);
    linkSync(first, hard);
    await expect(compare(first, second, first)).rejects.toThrow(`${first} is given twice`);
    for (const other of [link, hard, `${folder}/./log0.log`]) {
      await expect(compare(first, other)).rejects.toThrow(`${first} and ${other} are one file`);
    }
  });

  test('is none where the logs only say the same', async () => {
    expect((await compare(first, second)).status).toBe(0);
    expect((await compare('/dev/null', '/dev/null')).status).toBe(0);
  });
});

describe('escape sequences', () => {
  const names = ['\u001b]0;pwn\u0007a', '\u009b31mb'];
  const log = names.map((name) => `${name},0\n${name},1\n`).join('');
  const files = ['x\u001b[31m\n0.csv', 'x\u001b[31m\n1.csv'].map((name, place) =>
    write(name, `sender,seq\n${log}${place === 0 ? '' : `${names[0]!},2\n`}`),
  );
  const spelled = files.map((file) => file.replace('\u001b', '\\u001b').replace('\n', '\\u000a'));

  test('in names of senders and files reach no terminal', async () => {
    const { text } = await compare(...files);
    expect(text.split('\n').every(isPrintable)).toBe(true);
    expect(text).toContain('senders \\u001b]0;pwn\\u0007a, \\u009b31mb');
    const told = await compare(...files, '--senders', names.join(','));
    expect(told.text).toContain('  \\u009b31mb  ');
    expect(told.text.split('\n').every(isPrintable)).toBe(true);
    const crashed = await compare(...files, '--crashed', files[1]!, '--json');
    expect(crashed.text.split('\n').every(isPrintable)).toBe(true);
    expect(JSON.parse(crashed.text)).toMatchObject({
      reading: { senders: expect.arrayContaining(names) as unknown },
      perPeer: [{ peerId: spelled[0] }, { peerId: spelled[1], standing: 'crashed' }],
    });
  });

  test('nor in what is refused', async () => {
    const bad = write('\u001b[31m\nbad.csv', '\u009b31m');
    const { stderr, status } = await runCommand(['compare', ...files, bad]);
    expect(status).toBe(2);
    expect(stderr).toContain('\\u001b[31m\\u000abad.csv, line 1, column 1');
    expect(stderr.split('\n').every(isPrintable)).toBe(true);
  });
});

describe('standard input', () => {
  test('is "-", as in other commands', async () => {
    const { stdout } = await runCommand(['compare', first, '-'], { input: LOG });
    expect(stdout).toContain('0 of 4 rounds unordered');
    expect(stdout).toContain('standard input');
    const twice = await runCommand(['compare', first, '-', '-'], { input: LOG });
    expect(twice.stderr).toContain('standard input is given twice');
  });
});

const canPipe = process.platform !== 'win32';

(canPipe ? describe : describe.skip)('a pipe', () => {
  const pipe = join(folder, 'pipe');
  if (canPipe) spawnSync('mkfifo', [pipe]);

  test('is read once somebody writes it', async () => {
    const reading = readLogSource(await source(pipe), never);
    await sleep(50);
    await appendFile(pipe, '0 0\n1 0\n');
    expect((await reading).text).toBe('0 0\n1 0\n');
  });

  test('that nobody writes is given up at once when that is asked', async () => {
    const abort = new AbortController();
    const reading = readLogSource(await source(pipe), abort.signal);
    abort.abort(new Error('the user left'));
    await expect(reading).rejects.toThrow('the user left');
  });

  test('that nobody writes keeps no process from its end', async () => {
    const child = spawn(process.execPath, [LAUNCHER, 'compare', first, pipe]);
    let writer = -1;
    // Only once there is a reader can a pipe be opened for writing without waiting for one.
    await eventually('the pipe is read', () => {
      try {
        writer = openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
        return true;
      } catch {
        return false;
      }
    });
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([130, null]);
    closeSync(writer);
  });
});
