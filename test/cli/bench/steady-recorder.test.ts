import { expect, test } from '@jest/globals';
import { planOfTask, type MemberTask } from '../../../cli/bench/member-task.ts';
import { SteadyRecorder } from '../../../cli/bench/steady-recorder.ts';
import { ByteBlocks } from '../../../core/base/byte-blocks.ts';
import { pack } from '../../../core/channels/pack.ts';
import { Kind, Message } from '../../../core/message.ts';

const TASK: MemberTask = {
  run: 0,
  self: 0,
  ordering: 'unordered',
  messages: 4,
  payloadBytes: 0,
  intervalUsMax: 0,
  datagramBytes: 1_200,
  secondsMax: 1,
  warmUpShare: 0.5,
};
const PLAN = planOfTask(TASK, [1, 2], 0);

function messageOf(sender: number, sequence: number): Message {
  return new Message(Kind.data, sender, sequence, new Uint8Array(0));
}

test('what comes after the first half counts, from when it was multicast, packed or not', () => {
  const recorder = new SteadyRecorder(0, PLAN, 0.5, null);
  recorder.multicast(1_000, 0);
  recorder.multicast(2_000, 1);
  recorder.deliver(900_000, messageOf(0, 0));
  recorder.multicast(1_000_000, 2);
  recorder.multicast(1_000_000, 3);
  recorder.deliver(1_100_000, messageOf(1, 0));
  recorder.deliverPack(
    1_500_000,
    pack(
      1,
      [1, 2, 3].map((each) => messageOf(0, each)),
      new ByteBlocks(),
    ),
  );
  // Four messages in half a second, of which two were own ones that count, after 500 ms each.
  expect(recorder.perSecond).toBe(8);
  expect(Math.round(recorder.ownMs(50)!)).toBe(500);
  expect(Math.round(recorder.ownMs(1)!)).toBe(500);
});

test('what was due earlier than it was multicast took longer', () => {
  const recorder = new SteadyRecorder(0, PLAN, 0, (sequence) => 10_000 * sequence);
  recorder.multicast(50_000, 1);
  recorder.deliver(60_000, messageOf(0, 1));
  recorder.deliver(70_000, messageOf(0, 1));
  expect(Math.round(recorder.ownMs(100)!)).toBe(50);
});
