import { describe, expect, test } from '@jest/globals';
import { checkAfterTyping, typesAfterTyping } from '../../web/own/after-typing.ts';
import type { CheckState } from '../../web/own/check-pool.ts';
import { type OwnTexts, takeFromAside, typeOn, typeOver } from '../../web/own/kept-own.ts';

const typeHere = (texts: OwnTexts, text: string): OwnTexts => typeOn(texts, text, texts.own);

describe('texts of one’s own', () => {
  test('are put aside one after the other when links are worked on, and come back the last first', () => {
    const typed = typeHere({ own: '', aside: [] }, 'mine');
    const onA = typeHere(typeOver(typed, 'A'), 'A, an hour later');
    expect(onA).toEqual({ own: 'A, an hour later', aside: ['mine'] });
    const onB = typeOver(onA, 'B');
    expect(onB).toEqual({ own: 'B', aside: ['mine', 'A, an hour later'] });
    expect(takeFromAside(onB)).toEqual(onA);
    expect(takeFromAside(onA)).toEqual(typed);
    expect(takeFromAside(typed)).toEqual(typed);
  });

  test('of another tab are put aside, once, when this one types on', () => {
    const opened = 'mine';
    const there = typeOn({ own: opened, aside: [] }, 'typed there', opened);
    const here = typeOn(there, 'typed here', opened);
    expect(here).toEqual({ own: 'typed here', aside: ['typed there'] });
    const on = typeOn(here, 'typed here, and on', 'typed here');
    expect(on).toEqual({ own: 'typed here, and on', aside: ['typed there'] });
  });

  test('are not put aside where nothing is lost, and no more than eight are', () => {
    expect(typeOver({ own: '', aside: [] }, 'A').aside).toEqual([]);
    expect(typeOver({ own: 'A', aside: [] }, 'A').aside).toEqual([]);
    let texts = typeHere({ own: '', aside: [] }, '0');
    for (let link = 1; link <= 10; link += 1) texts = typeOver(texts, String(link));
    expect(texts.aside).toEqual(['2', '3', '4', '5', '6', '7', '8', '9']);
  });
});

describe('once the text is changed', () => {
  test('no verdict stands over it but a counterexample, which says of what it is', () => {
    const passed: CheckState = { phase: 'passed', seeds: 1_000 };
    expect(checkAfterTyping(passed)).toEqual({ phase: 'idle' });
    const failed = { phase: 'failed', shown: { name: 'total' } } as CheckState;
    expect(checkAfterTyping(failed)).toEqual({ ...failed, isOfBefore: true });
  });

  test('errors in the types say of what they are, and a text without any says nothing', () => {
    const findings = [{ line: 1, message: 'wrong' }];
    expect(typesAfterTyping({ phase: 'checked', findings })).toEqual({
      phase: 'checked',
      findings,
      isOfBefore: true,
    });
    expect(typesAfterTyping({ phase: 'checked', findings: [] })).toEqual({ phase: 'idle' });
  });
});
