/** Where a letter or a digit is typed, and is no shortcut; a slider takes neither. */
export const TYPED_INTO = 'input:not([type=range]), select, textarea';
