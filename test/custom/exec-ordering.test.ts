import { afterEach, describe, expect, test } from '@jest/globals';
import { Kind, Message } from '../../core/message.ts';
import type { Group, Ordering } from '../../core/ordering.ts';
import { ExecError } from '../../custom/exec-error.ts';
import {
  type ExecOptions,
  type ExecOrdering,
  openExecOrdering,
} from '../../custom/exec-ordering.ts';
import { checkSeeds } from '../../simulation/check/check-seeds.ts';
import { programThat, writeExecProgram } from '../support/exec-program.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { SimulatedRun } from '../support/simulated-run.ts';

const directory = temporaryDirectory();
const GROUP: Group = { self: 0, size: 3, random: () => 0.5 };
const opened: ExecOrdering[] = [];

function open(command: string, options: Partial<ExecOptions> = {}): ExecOrdering {
  const ordering = openExecOrdering({ command, ...options });
  opened.push(ordering);
  return ordering;
}

/** One member, with its effects as text. */
function memberOf(
  ordering: ExecOrdering,
  group: Group = GROUP,
): { member: Ordering; effects: string[] } {
  const effects: string[] = [];
  const text = ({ kind, sender, sequence, payload }: Message): string =>
    `${kind} ${sender}.${sequence} ${Buffer.from(payload).toString()}`.trimEnd();
  const member = ordering.entry.create(group, {
    multicast: (message) => effects.push(`multicast ${text(message)}`),
    send: (to, message) => effects.push(`send ${to} ${text(message)}`),
    deliver: (message) => effects.push(`deliver ${text(message)}`),
  });
  return { member, effects };
}

const data = (sequence: number): Message => new Message(Kind.data, 0, sequence);

/** What is said of the program that answers a multicast by these statements. */
function complaint(statements: string, options: Partial<ExecOptions> = {}): string {
  const ordering = open(programThat(directory, statements, '{ reset: true }'), {
    channels: 'raw',
    ...options,
  });
  const { member } = memberOf(ordering);
  try {
    member.multicast(5, data(0));
  } catch (error) {
    expect(error).toBeInstanceOf(ExecError);
    expect(ordering.failure?.message).toBe((error as Error).message);
    return (error as Error).message;
  }
  throw new Error('nothing was found wrong with the program');
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((ordering) => ordering.close()));
});

/** A program that delivers on arrival, as `unordered` does. */
const DELIVERS = `
  const { sender, sequence } = event.message;
  const effects = [{ deliver: { sender, sequence } }];
  if (event.event === 'multicast') effects.unshift({ multicast: { message: { sender, sequence } } });
  reply({ effects });
`;

describe('a program as an ordering', () => {
  test('turns calls into events, and answers into effects in their order', () => {
    const command = programThat(
      directory,
      `if (event.event === 'multicast') reply({ held: 2, effects: [
         { send: { to: 1, message: { asked: event } } },
         { deadline: 70 },
         { deliver: { sender: 2, sequence: 9 } },
       ] });
       else if (event.event === 'receive') reply({ effects: [
         { multicast: { message: { sender: 2, sequence: 4, heard: event.message } } },
         { multicast: { message: { vote: event.from } } },
         { deadline: null },
       ] });
       else reply({ effects: [{ send: { to: 2, message: { at: event.now } } }] });`,
      '{ deadline: 0 }',
    );
    const { member, effects } = memberOf(open(command, { channels: 'raw' }));
    expect(member.deadline).toBe(0);
    member.multicast(5, data(3));
    expect([member.deadline, member.held]).toEqual([70, 2]);
    member.advance(70);
    expect([member.deadline, member.held]).toEqual([Infinity, 0]);
    member.receive(80, 1, new Message(Kind.exec, 1, 0, Buffer.from('{"é":1}')));
    expect(member.deadline).toBe(Infinity);
    expect(effects).toEqual([
      'send 1 1 0.3 {"asked":{"event":"multicast","now":5,"message":{"sender":0,"sequence":3}}}',
      'deliver 1 2.9',
      'send 2 50 0.0 {"at":70}',
      'multicast 1 2.4 {"sender":2,"sequence":4,"heard":{"é":1}}',
      'multicast 50 0.0 {"vote":1}',
    ]);
  });

  test('is told its place and a seed, and declares what it likes', () => {
    const command = programThat(
      directory,
      'throw event;',
      `{ retransmits: false, survives: 'minority', channels: 'raw',
         ...(event.size === 3 ? {} : (process.stderr.write(JSON.stringify(event)), { rubbish: 1 })) }`,
    );
    const ordering = open(command);
    const { create, ...rest } = ordering.entry;
    expect(rest).toEqual({
      name: expect.stringMatching(/^exec-program-\d+$/),
      summary: expect.stringContaining('.cjs'),
      describe: expect.any(Function),
      failureAfterRun: expect.any(Function),
      moderate: true,
      seesRepetition: true,
      guarantees: ['integrity'],
      retransmits: false,
      survives: 'minority',
      handsOnPayloads: false,
    });
    const group = { self: 1, size: 4, random: () => 0.25 };
    expect(() => create(group, { multicast() {}, send() {}, deliver() {} })).toThrow(
      /"rubbish"[^]*guarantees[^]*\{"event":"init","self":1,"size":4,"seed":1073741824\}/,
    );
  });

  test('is told what a message carries if it asks for it, and says it when it delivers', () => {
    const command = programThat(
      directory,
      `if (event.event === 'multicast') reply({ effects: [
         { multicast: { message: event.message } },
         { deliver: event.message },
         { deliver: { sender: 0, sequence: 1 } },
       ] });
       else reply({ effects: [{ deliver: { sender: 0, sequence: 2, payload: 'no base64!' } }] });`,
      '{ payloads: true }',
    );
    const ordering = open(command, { channels: 'raw' });
    expect(ordering.entry.handsOnPayloads).toBe(true);
    const { member, effects } = memberOf(ordering);
    member.multicast(5, new Message(Kind.data, 0, 3, Buffer.from('Grüße')));
    expect(effects).toEqual([
      'multicast 1 0.3 {"sender":0,"sequence":3,"payload":"R3LDvMOfZQ=="}',
      'deliver 1 0.3 Grüße',
      'deliver 1 0.1',
    ]);
    expect(() => member.advance(6)).toThrow(/deliver\.payload is "no base64!"; allowed: base64/);
  });

  test('that does not ask for payloads has no content judged; one that loses them is caught', () => {
    const handing = DELIVERS.replaceAll('{ sender, sequence }', '{ sender, sequence, payload }');
    const failingOf = (statements: string, answer: string) => {
      const { entry } = open(programThat(directory, statements, answer));
      const check = { peersMax: 3, faults: [] };
      return checkSeeds(entry, 1, 3, check).failing?.findings[0];
    };
    expect(failingOf(DELIVERS, '{ reset: true }')).toBeUndefined();
    expect(failingOf(handing, '{ reset: true, payloads: true }')).toBeUndefined();
    const lost = failingOf(DELIVERS, '{ reset: true, payloads: true }');
    expect(lost).toMatchObject({
      name: 'integrity',
      text: expect.stringMatching(/with no bytes; peer \d multicast it with \d+ bytes/),
    });
  });

  test('options outrank what it declares, and channels are reliable unless it says otherwise', () => {
    const ordering = open(programThat(directory, DELIVERS), { guarantees: ['fifo', 'agreement'] });
    expect(ordering.entry).toMatchObject({ guarantees: ['fifo', 'agreement'], retransmits: true });
    const shape = { peers: 3, messages: 20, network: { loss: 0.3 } };
    const { result, delivered } = new SimulatedRun(ordering.entry.create, shape);
    expect(result.faultsHappened.loss).toBeGreaterThan(0);
    for (const sequence of delivered) expect(new Set(sequence).size).toBe(60);
  });

  test.each(['{}', '{ reset: true }'])('begins each group anew, if it declares %s', (reset) => {
    const command = writeExecProgram(
      directory,
      `let count;
       loop((event) => {
         if (event.event === 'init') {
           count = 0;
           return reply({ guarantees: ['integrity'], ...${reset} });
         }
         reply({ effects: [{ send: { to: 1, message: { count: count++, process: process.pid } } }] });
       });`,
    );
    const ordering = open(command, { channels: 'raw' });
    const groups = [0, 1, 2].map(() => {
      const { member, effects } = memberOf(ordering);
      member.multicast(1, data(0));
      member.multicast(2, data(1));
      return effects;
    });
    for (const effects of groups) {
      expect(effects.map((text) => /"count":\d/.exec(text)?.[0])).toEqual([
        '"count":0',
        '"count":1',
      ]);
    }
    const processes = new Set(groups.map((effects) => /"process":\d+/.exec(effects[0]!)![0]));
    expect(processes.size).toBe(reset === '{}' ? 3 : 1);
  });
});

describe('a program that breaks the protocol is reported as what it did', () => {
  test.each([
    [
      'dies',
      'console.error("my last words"); process.exit(3);',
      /ended with status 3\n[^]*my last words/,
    ],
    [
      'is killed',
      'process.kill(process.pid, "SIGTERM"); for (;;);',
      /ended (by |with status 143 .)SIGTERM/,
    ],
    ['throws', 'throw new TypeError("a defect");', /ended with status 1[^]*TypeError: a defect/],
    ['dies midway', 'say("{\\"eff"); process.exit(0);', /status 0, after it had begun: "\{\\"eff"/],
    ['prints rubbish', 'console.error("why"); say("hello\\n");', /"hello": it is no JSON[^]*why/],
    [
      'breaks UTF-8',
      'fs.writeSync(1, Buffer.from([...Buffer.from(\'{"effects":[],"x\'), 255, 34, 58, 49, 125, 10]));',
      /answered .*: it is no UTF-8/,
    ],
    [
      'counts too far',
      'say(\'{"effects":[{"multicast":{"message":{"x":[-1e400]}}}]}\\n\');',
      /a number in it is too great; allowed: .*1\.8e308/,
    ],
    ['prints NUL', 'say("{}\\u0000\\n");', /the byte 0/],
    ['answers with a list', 'reply([]);', /an answer is one JSON object/],
    ['answers twice', 'say("{\\"effects\\":[]}\\n{}\\n");', /more than one line[^]*standard error/],
    ['forgets effects', 'reply({});', /"effects", a list/],
    ['misspells', 'reply({ efects: [] });', /"efects" is no part.*allowed: effects, held/],
    ['invents', 'reply({ effects: [{ broadcast: {} }] });', /"broadcast" is no effect; allowed:/],
    ['sends to itself', 'reply({ effects: [{ send: { to: 0, message: {} } }] });', /send.to is 0/],
    ['sends outside', 'reply({ effects: [{ send: { to: 3, message: {} } }] });', /from 0 to 2/],
    [
      'sends text',
      'reply({ effects: [{ multicast: { message: "x" } }] });',
      /message is a JSON obj/,
    ],
    [
      'delivers a stranger',
      'reply({ effects: [{ deliver: { sender: 3, sequence: 0 } }] });',
      /sender/,
    ],
    [
      'delivers a half',
      'reply({ effects: [{ deliver: { sender: 0, sequence: 0.5 } }] });',
      /is 0.5/,
    ],
    [
      'has a bad time',
      'reply({ effects: [{ deadline: -1 }] });',
      /deadline is -1; allowed: an int/,
    ],
    [
      'sends too much',
      'reply({ effects: [{ multicast: { message: { x: "y".repeat(1200) } } }] });',
      /1208 bytes as JSON; allowed: 1100/,
    ],
  ])('%s', (_, statements, expected) => {
    const text = complaint(statements);
    expect(text).toMatch(expected);
    expect(text).toMatch(/^the program of member 0 .*\n/);
    expect(text).toContain('"event\\":\\"multicast');
  });

  test('hangs, also when it ignores signals and reads nothing', () => {
    const begun = performance.now();
    const text = complaint('process.on("SIGTERM", () => {}); console.error("I sleep"); for (;;);', {
      answerMsMax: 300,
    });
    expect(text).toMatch(/no answer within 0.3 s and was killed[^]*flush[^]*I sleep/);
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  test('writes without end', () => {
    expect(complaint('for (;;) say("x".repeat(60000));')).toMatch(
      /1048576 bytes without a newline/,
    );
  });

  test('does not exist, declares nothing, or something unknown', () => {
    expect(() => open('no-such-program-anywhere')).toThrow(/status 127[^]*not found/);
    const silent = writeExecProgram(directory, 'loop(() => reply({}));');
    expect(() => open(silent)).toThrow(/declares no guarantees.*--guarantees/);
    expect(open(silent, { guarantees: ['fifo'] }).entry.guarantees).toEqual(['fifo']);
    const wrong = writeExecProgram(directory, 'loop(() => reply({ guarantees: ["order"] }));');
    expect(() => open(wrong)).toThrow(/guarantees.0[^]*uniformTotal/);
  });
});
