import { type Choice, formatChoice, parseChoice } from '../../simulation/choices/choice.ts';

/** A way that a game went, kept to come back to it or to compare it. */
export interface KeptBranch {
  readonly name: string;
  readonly choices: readonly Choice[];
}

/** The most branches that are kept, and that a link holds. */
export const BRANCHES_MAX = 6;
/** A link holds no more steps of a branch than this besides those that the branch has from `base`. */
const OWN_STEPS_MAX = 1_000;
const WORD = 'branch ';

/** The name of the branch that is kept next. */
export function nextBranchName(branches: readonly KeptBranch[]): string {
  return `${WORD}${numberOf(branches.at(-1)) + 1}`;
}

function numberOf(branch: KeptBranch | undefined): number {
  return branch === undefined ? 0 : Number(branch.name.slice(WORD.length));
}

/** How many of the first steps of `choices` are those of `base`. */
export function sharedSteps(choices: readonly Choice[], base: readonly Choice[]): number {
  const differs = choices.findIndex((choice, step) => {
    const other = base[step];
    return (
      other === undefined || (other !== choice && formatChoice(other) !== formatChoice(choice))
    );
  });
  return differs < 0 ? choices.length : differs;
}

/** Branches as a link holds them: `2:3:lose 0>1#0~...`, its number, the steps that it has from `base`, and its own. */
export function writeBranches(branches: readonly KeptBranch[], base: readonly Choice[]): string {
  return branches
    .flatMap((branch) => {
      const shared = sharedSteps(branch.choices, base);
      const own = branch.choices.slice(shared);
      if (own.length > OWN_STEPS_MAX) return [];
      return [`${numberOf(branch)}:${shared}:${own.map(formatChoice).join(';')}`];
    })
    .join('~');
}

/**
 * The branches that a link holds.
 * @throws RangeError for a step that means nothing, with what is allowed.
 */
export function readBranches(text: string, base: readonly Choice[]): KeptBranch[] {
  const parts = text.split('~').filter((part) => part !== '');
  return parts.slice(-BRANCHES_MAX).map((part) => {
    const [, number, shared, own = ''] = /^(\d{1,6}):(\d{1,6}):(.*)$/s.exec(part) ?? [];
    if (number === undefined) {
      throw new RangeError(`"${part}" is no branch; allowed is such as 1:2:lose 0>1#0`);
    }
    const steps = own.split(';').filter((step) => step !== '');
    const choices = steps.slice(0, OWN_STEPS_MAX).map(parseChoice);
    return { name: `${WORD}${number}`, choices: [...base.slice(0, Number(shared)), ...choices] };
  });
}
