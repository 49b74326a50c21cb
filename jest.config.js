import { useCompileCache } from './cli/compile-cache.js';

// The suites start some thousand processes, each of which would strip types and compile anew: peers took 0.8 s of processor
// time to be ready, and take 0.3.
useCompileCache();

export default {
  testEnvironment: '<rootDir>/test/support/plain-environment.js',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/test/support/strip-types.js' },
  // What is built or written here is no source: dist/ even holds a second package.json.
  modulePathIgnorePatterns: ['<rootDir>/(?:build|dist|infra|\\.mpcomm)/'],
  reporters: ['default', '<rootDir>/test/support/count-reporter.ts'],
  testSequencer: '<rootDir>/test/support/longest-first.js',
  // Two more than the two cores that it was measured on: the end-to-end suites mostly wait (470 s with two and 387 with three,
  // of which the processors were idle for a sixth).
  maxWorkers: 4,
  // Jest keeps some megabytes of each file that a worker ran, for good. In a heap of a gigabyte a collection takes so long
  // that runs in virtual time took 20 times as long as alone; a worker that begins anew costs a second. All suites together
  // took a sixth less processor time.
  workerIdleMemoryLimit: '300MB',
  // For a test that hangs, and longer than any wait inside one (test/support/patience.ts): no test is
  // slow because the machine has other things to do.
  testTimeout: 600_000,
};
