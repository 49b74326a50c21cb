import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const NO_CLOCK = 'Time is an argument here: take `now`, or set `deadline`.';
const NO_RANDOM = 'Randomness is an argument here: take `group.random`, or core/base/random.ts.';
const TIMERS = ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'];

/** What these folders may not touch, so that a run, and its picture, can be repeated from a seed. */
const deterministic = {
  'no-restricted-globals': [
    'error',
    ...TIMERS.map((name) => ({ name, message: NO_CLOCK })),
    { name: 'performance', message: NO_CLOCK },
    { name: 'crypto', message: NO_RANDOM },
    { name: 'process', message: 'No environment here: take what is needed as an argument.' },
  ],
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: NO_CLOCK },
    { object: 'performance', property: 'now', message: NO_CLOCK },
    { object: 'Math', property: 'random', message: NO_RANDOM },
  ],
  'no-restricted-syntax': [
    'error',
    { selector: "NewExpression[callee.name='Date']", message: NO_CLOCK },
    { selector: "CallExpression[callee.name='Date']", message: NO_CLOCK },
  ],
  'no-restricted-imports': [
    'error',
    { patterns: [{ regex: '^node:', message: 'No I/O here: the caller does it.' }] },
  ],
};

export default defineConfig(
  globalIgnores(['build/', 'dist/', 'coverage/', '.mpcomm/', 'mine/', 'results/']),
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      // There are no enums and next to no `any` here; these two would cost a third of the time.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      // noUncheckedIndexedAccess makes every index read optional; `!` states that it is in range.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // It takes a field that an `await` or a callback may change for a constant.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // A port's method is async whether or not this adapter has anything to wait for.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allow: ['Error', 'URL', 'URLSearchParams'] },
      ],
      // A leading underscore marks what a signature asks for and nobody reads.
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // `return refuse(response)` ends a handler in one line; nobody takes its value for one.
      '@typescript-eslint/no-confusing-void-expression': 'off',
    },
  },
  {
    // Half of the time goes into proving that tests handle no `any`; a wrong test fails by itself.
    // What stays is what makes a test pass by mistake: a promise that nobody waits for.
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      ...tseslint.configs.disableTypeChecked.rules,
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
    },
  },
  {
    // A package of its own, whose types are not installed with this one: its own compiler checks
    // them, and what needs none is checked here.
    files: ['infra/**/*.ts'],
    extends: [tseslint.configs.disableTypeChecked],
  },
  {
    files: [
      'core/**/*.ts',
      'network/**/*.ts',
      'simulation/**/*.ts',
      'charts/**/*.ts',
      'diagram/**/*.ts',
    ],
    rules: deterministic,
  },
  {
    // Plain JavaScript has no types to check: configuration and jest's own hooks.
    files: ['**/*.js'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
);
