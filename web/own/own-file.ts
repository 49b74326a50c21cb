/** What the file is called in errors, and when it is exported. */
export const OWN_FILE = 'my-ordering.ts';
/** The name by which the board and its links know the ordering of this browser. */
export const OWN_ORDERING = 'own';
