import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { openOrMissing } from '../../bench/peers/all-systems.ts';
import { endOfLog } from '../../bench/peers/corosync/corosync-system.ts';
import { compile, complaintOf } from '../../bench/peers/installed.ts';
import { LastWords } from '../../bench/peers/last-words.ts';
import { answersPing } from '../../bench/peers/redis/redis-system.ts';

describe('what does not compile', () => {
  const PROGRAM = `console.error('x.c:1:10: fatal error: no stdio.h\\nterminated.'); process.exit(1)`;

  test('is missing with the reason, and takes no other system with it', () => {
    const open = (): never[] => {
      compile(process.execPath, ['-e', PROGRAM]);
      return [];
    };
    const missing = 'does not compile: x.c:1:10: fatal error: no stdio.h';
    expect(openOrMissing(['redis', 'redis-packed'], open)).toEqual([
      { name: 'redis', missing },
      { name: 'redis-packed', missing },
    ]);
    expect(() => compile('no-such-compiler', [])).toThrow('does not compile: spawnSync no-such');
    expect(() => compile(process.execPath, ['-e', ''])).not.toThrow();
  });

  test('is named by the line that says what is wrong, without folders', () => {
    const linker = 'bin/ld: cannot find -lcpg: No such file\ncollect2: error: ld returned 1\n';
    expect(complaintOf(linker)).toBe('ld: cannot find -lcpg: No such file');
    const java = 'a/member.java:8: error: package org.jgroups does not exist\n  ^\n1 error\n';
    expect(complaintOf(java)).toBe('member.java:8: error: package org.jgroups does not exist');
    expect(complaintOf('nothing\nkilled\n')).toBe('killed');
  });
});

test('the last words of a process are the last line of all that it wrote', async () => {
  const stream = new PassThrough();
  const words = new LastWords(stream);
  expect(words.line).toBe('');
  stream.end('warning\nunshare: Operation not per');
  await once(stream, 'close');
  expect(words.line).toBe('unshare: Operation not per');
});

test('the end of a log of Corosync says why its daemon ended', () => {
  const line = (level: string, text: string): string =>
    `Nov 27 06:32:02.887 [27990] member-0 corosync ${level}   [MAIN  ] ${text}\n`;
  const log =
    line('info', 'features: dbus') +
    line('error', 'parse error in config: too low.') +
    line('error', 'exiting with status 8 at main.c:1445.');
  expect(endOfLog(log)).toBe(
    'parse error in config: too low. / exiting with status 8 at main.c:1445.',
  );
});

describe('a server that is to be Redis', () => {
  const answering = async (answer: string) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined).on('data', () => socket.write(answer));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return { server, port: (server.address() as AddressInfo).port };
  };

  test.each([
    ['+PONG\r\n', null, null],
    ['HTTP/1.1 400 Bad Request\r\n', null, 'something else than Redis answers at port'],
    ['+PONG\r\n', 'ended: Address already in use', 'redis-server ended: Address already in use'],
  ])('that says %j and ended with %j', async (answer, end, failure) => {
    const { server, port } = await answering(answer);
    const asked = answersPing(port, () => end);
    if (failure === null) await expect(asked).resolves.toBeUndefined();
    else await expect(asked).rejects.toThrow(failure);
    server.close();
  });
});
