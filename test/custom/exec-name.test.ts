import { expect, test } from '@jest/globals';
import { nameOfCommand } from '../../custom/exec-name.ts';

test.each([
  ['python3 examples/exec/lamport.py', 'lamport'],
  ['python3.11 a.py', 'a'],
  ['python3.11 b.py', 'b'],
  ['python3 "folder one/la mport.py"', 'la-mport'],
  ["ruby 'it.rb' --fast", 'it-fast'],
  ['java -jar build/mine.jar', 'mine'],
  ['python3 -m package.lamport', 'package-lamport'],
  ['DEBUG=1 python3 a.py', 'a-debug-1'],
  ['./mine', 'mine'],
  ['./mine --slow', 'mine-slow'],
  ['12', 'program'],
])('the program of %p is called %s', (command, name) => {
  expect(nameOfCommand(command)).toBe(name);
});

test('programs with long names that begin alike are told apart', () => {
  const names = ['1', '2'].map((last) => nameOfCommand(`node ${'long-'.repeat(9)}.js ${last}`));
  expect(new Set(names).size).toBe(2);
  for (const name of names) expect(name).toMatch(/^long-[a-z0-9-]{30}$/);
});
