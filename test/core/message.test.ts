import { describe, expect, test } from '@jest/globals';
import { Kind, Message } from '../../core/message.ts';

const PAYLOAD = new Uint8Array([1, 2]);
const FULL = new Message(Kind.data, 1, 2, PAYLOAD, 3, 4, 5, 6, [7, 8]);

describe('a message with another', () => {
  test.each([
    ['timestamp', FULL.withTimestamp(9), { timestamp: 9 }],
    ['epoch', FULL.withEpoch(9), { epoch: 9 }],
    ['position', FULL.withPosition(9), { position: 9 }],
    ['vector', FULL.withVector([9]), { vector: [9] }],
  ])('%s is the same otherwise, and off its channel', (_field, changed, change) => {
    expect(changed).toBeInstanceOf(Message);
    expect({ ...changed }).toEqual({ ...FULL, link: 0, ...change });
  });

  test('link number keeps all else', () => {
    expect({ ...FULL.onLink(9) }).toEqual({ ...FULL, link: 9 });
  });
});
