import { Kind, Message } from '../../core/message.ts';
import { openExecOrdering } from '../../custom/exec-ordering.ts';

/** Asks the program that it is given one thing, prints what it sent, and stays until it is killed. */
const { entry } = openExecOrdering({ command: process.argv[2]!, channels: 'raw' });
const group = { self: 0, size: 2, random: () => 0 };
const member = entry.create(group, {
  multicast: () => undefined,
  send: (_to, message) => process.stdout.write(Buffer.from(message.payload)),
  deliver: () => undefined,
});
member.multicast(0, new Message(Kind.data, 0, 0));
setInterval(() => undefined, 1_000);
