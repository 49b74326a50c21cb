import { describe, expect, test } from '@jest/globals';
import { LogLines } from '../../gcp/log-lines.ts';

/** A disk on which `room` bytes are free; it takes a part of what it has not room for, as disks do. */
class Disk {
  room = Infinity;
  text = '';

  write(bytes: Uint8Array): number {
    if (this.room === 0) throw new Error('ENOSPC: no space left on device, write');
    const taken = bytes.subarray(0, this.room);
    this.room -= taken.length;
    this.text += Buffer.from(taken).toString();
    return taken.length;
  }
}

function open(disk: Disk): LogLines {
  return new LogLines(
    (bytes) => disk.write(bytes),
    (lines, reason) => `lost ${lines}: ${reason.slice(0, 6)}\n`,
  );
}

describe('lines of a log', () => {
  test('are written as they are', () => {
    const disk = new Disk();
    const log = open(disk);
    log.write('one\n');
    log.write('zwei ü\n');
    expect(disk.text).toBe('one\nzwei ü\n');
  });

  test('are dropped on a full disk, and counted once there is room again', () => {
    const disk = new Disk();
    const log = open(disk);
    log.write('one\n');
    disk.room = 0;
    for (let line = 0; line < 1_000; line += 1) log.write('lost\n');
    disk.room = Infinity;
    log.write('two\n');
    log.write('three\n');
    expect(disk.text).toBe('one\nlost 1000: ENOSPC\ntwo\nthree\n');
  });

  test('that are cut off in the middle do not run into the next one', () => {
    const disk = new Disk();
    const log = open(disk);
    disk.room = 2;
    log.write('abcdef\n');
    disk.room = Infinity;
    log.write('two\n');
    expect(disk.text).toBe('ab\nlost 1: ENOSPC\ntwo\n');
  });

  test('stay lost, and are counted on, where not even that they are lost can be written', () => {
    const disk = new Disk();
    const log = open(disk);
    disk.room = 0;
    log.write('a\n');
    disk.room = 3;
    log.write('b\n');
    disk.room = Infinity;
    log.write('c\n');
    expect(disk.text).toBe('los\nlost 2: ENOSPC\nc\n');
  });

  test('are not waited for where nothing is ever written', () => {
    const log = new LogLines(
      () => 0,
      () => '',
    );
    expect(() => log.write('one\n')).not.toThrow();
  });
});
