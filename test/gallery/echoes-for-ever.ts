import { Kind, Message } from '../../core/message.ts';
import type { Create } from '../../core/ordering.ts';

/** Answers whatever comes from another one with the same again: once there is a message, there is no end of them. */
export const create: Create = (group, out) => ({
  deadline: Infinity,
  held: 0,
  multicast(_now, message) {
    out.multicast(message);
    out.deliver(message);
  },
  receive(_now, from, message) {
    if (message.kind === Kind.data) out.deliver(message);
    out.send(from, new Message(ECHO, group.self, message.sequence));
  },
  advance: () => undefined,
});
export const guarantees = ['integrity'];

/** One of the kinds that are free for orderings that are not in the registry. */
const ECHO = 201;
