import type { Message } from '../../core/message.ts';
import { nameOfKind } from '../../core/orderings/registry.ts';
import type { Observer } from './observer.ts';
import type { Fault } from '../scenario.ts';

/**
 * Writes each event as one line of text, without its end; docs/simulator.md has the form. The same
 * scenario gives the same lines, byte for byte.
 */
export function traceObserver(write: (line: string) => void): Observer {
  return {
    multicast: (atUs, member, message) =>
      write(`${atUs} multicast ${member} ${describeMessage(message)}`),
    send: (atUs, from, to, message, arrivesAtUs) =>
      write(`${atUs} send ${from}>${to} ${describeMessage(message)}${arrival(arrivesAtUs)}`),
    repeat: (atUs, from, to, message, arrivesAtUs) =>
      write(`${atUs} repeat ${from}>${to} ${describeMessage(message)}${arrival(arrivesAtUs)}`),
    arrive: (atUs, from, to, message) =>
      write(`${atUs} arrive ${from}>${to} ${describeMessage(message)}`),
    drop: (atUs, from, to, message, reason) =>
      write(`${atUs} drop ${from}>${to} ${describeMessage(message)} ${reason}`),
    deliver: (atUs, member, message) =>
      write(`${atUs} deliver ${member} ${describeMessage(message)}`),
    advance: (atUs, member) => write(`${atUs} advance ${member}`),
    crash: (atUs, member) => write(`${atUs} crash ${member}`),
    restart: (atUs, member) => write(`${atUs} restart ${member}`),
    pause: (atUs, member) => write(`${atUs} pause ${member}`),
    resume: (atUs, member) => write(`${atUs} resume ${member}`),
    pathFault: (atUs, fault, begins) =>
      write(`${atUs} ${fault.kind} ${begins ? 'begins' : 'ends'} ${describePaths(fault)}`),
    fail: (atUs, member, error) => write(`${atUs} fail ${member} ${oneLine(error.message)}`),
  };
}

/** `data(0,3) link=4 vector=1,0,2`: kind, sender and sequence, then each field that is used. */
export function describeMessage(message: Message): string {
  const { kind, sender, sequence, link, timestamp, epoch, position, vector, payload } = message;
  let text = `${nameOfKind(kind)}(${sender},${sequence})`;
  if (link > 0) text += ` link=${link}`;
  if (timestamp > 0) text += ` timestamp=${timestamp}`;
  if (epoch > 0) text += ` epoch=${epoch}`;
  if (position > 0) text += ` position=${position}`;
  if (vector.length > 0) text += ` vector=${vector.join(',')}`;
  if (payload.length > 0) text += ` payload=${payload.length}`;
  return text;
}

function arrival(arrivesAtUs: number): string {
  return arrivesAtUs === Infinity ? '' : ` arrives=${arrivesAtUs}`;
}

function describePaths(fault: Fault): string {
  if (fault.kind === 'clog') return `${fault.from}>${fault.to} ${fault.extraUs}`;
  if (fault.kind !== 'partition') return '';
  return `${fault.from.join(',')}${fault.symmetric ? '|' : '>'}${fault.to.join(',')}`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
