import type { Command } from 'commander';
import type { Context } from './context.ts';

/** Begins a command of the program: its name, what it does in a sentence, and examples, a line each. */
export type AddCommand = (name: string, description: string, examples: string) => Command;

/** Takes a command's exit status. */
export type Finish = (status: number) => void;

/**
 * What each folder of commands exports: adds them to the program, with their options. What a command does is loaded
 * only when it is called, since all commands together take 0.4 s of processor time to load, and one of them half of it.
 */
export type Register = (add: AddCommand, context: Context, finish: Finish) => void;
