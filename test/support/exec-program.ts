import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Reads events, one a line, and gives each to `answer`, whose result is printed as one line. */
const LOOP = `
const fs = require('node:fs');
const say = (text) => { fs.writeSync(1, text); };
const reply = (value) => say(JSON.stringify(value) + '\\n');
let rest = '';
const chunk = Buffer.alloc(65536);
function loop(answer) {
  for (;;) {
    const length = fs.readSync(0, chunk);
    if (length === 0) return;
    rest += chunk.toString('utf8', 0, length);
    for (let end = rest.indexOf('\\n'); end >= 0; end = rest.indexOf('\\n')) {
      const event = JSON.parse(rest.slice(0, end));
      rest = rest.slice(end + 1);
      answer(event);
    }
  }
}
`;

let written = 0;

/** A program for the exec protocol, in JavaScript; returns the command that runs it. */
export function writeExecProgram(directory: string, body: string): string {
  const file = join(directory, `program-${(written += 1)}.cjs`);
  writeFileSync(file, `${LOOP}\n${body}`);
  return `"${process.execPath}" "${file}"`;
}

/** One that answers `init` well, and everything else by the statements given (`event` is at hand). */
export function programThat(directory: string, statements: string, declaration = '{}'): string {
  return writeExecProgram(
    directory,
    `loop((event) => {
      if (event.event === 'init') return reply({ guarantees: ['integrity'], ...${declaration} });
      ${statements}
    });`,
  );
}
