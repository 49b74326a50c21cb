import { describe, expect, test } from '@jest/globals';
import { readOrderingModule } from '../../custom/ordering-module.ts';
import { create } from '../../core/orderings/unordered.ts';

describe('a module with an ordering', () => {
  test('needs only create and guarantees; the rest follows', () => {
    const entry = readOrderingModule(
      { create, guarantees: ['integrity', 'agreement'] },
      'a/My 1st.ts',
    );
    expect(entry).toMatchObject({
      name: 'file-my-1st',
      guarantees: ['integrity', 'agreement'],
      retransmits: true,
      survives: 'none',
    });
    expect(entry.create).toEqual(expect.any(Function));
    expect(readOrderingModule({ create, guarantees: ['fifo'] }, '12.js')).toMatchObject({
      name: 'file-ordering',
      retransmits: false,
    });
  });

  test('may say everything itself', () => {
    const said = { retransmits: false, survives: 'minority', name: 'best', summary: 'a line' };
    const entry = readOrderingModule({ create, guarantees: ['agreement'], ...said }, 'x.ts');
    expect(entry).toMatchObject({ ...said, name: 'file-best' });
  });

  test.each([
    [{}, /exports nothing: it is CommonJS, or empty/],
    [{ create }, /guarantees: is not exported; needed: an array of names among integrity,/],
    [{ create: 3, guarantees: ['fifo'] }, /create: is 3; needed/],
    [{ create, guarantees: [] }, /nothing is declared/],
    [
      { create, guarantees: ['fifo', 'atomic'] },
      /guarantees: "atomic" is none; allowed: names among/,
    ],
    [
      { create, guarantees: ['fifo'], survives: 'all' },
      /survives: "all"; allowed: 'none', 'minority'/,
    ],
    [
      { create, guarantees: ['fifo'], retransmits: 'yes' },
      /retransmits: "yes"; allowed: true, false/,
    ],
    [{ create, guarantees: ['fifo'], name: 'My' }, /name: "My"; allowed: 1 to 35 of a-z/],
    [{ default: create }, /mine\.ts is no ordering:\n {2}create: is not exported/],
  ])('is refused with what is wrong and what is allowed: %p', (exported, message) => {
    expect(() => readOrderingModule(exported, 'mine.ts')).toThrow(message);
  });
});
