import { describe, expect, test } from '@jest/globals';
import { firstReceiver, receiverBit, withoutFirst } from '../../../core/wire/receivers.ts';

describe('the receivers in a number', () => {
  function listed(receivers: number): number[] {
    const members: number[] = [];
    for (let rest = receivers; rest !== 0; rest = withoutFirst(rest)) {
      members.push(firstReceiver(rest));
    }
    return members;
  }

  test.each([[[]], [[0]], [[31]], [[0, 31]], [[1, 2, 5, 30]], [[...Array(32).keys()]]])(
    '%j come back in their order',
    (members) => {
      const receivers = members.reduce((bits, member) => bits | receiverBit(member), 0);
      expect(listed(receivers)).toEqual(members);
      expect(listed(receivers >>> 0)).toEqual(members);
    },
  );
});
