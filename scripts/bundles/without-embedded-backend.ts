import type * as esbuild from 'esbuild';

/**
 * The embedded backend has no place in the cloud: its database stays out of the bundle, and choosing it there
 * fails with the reason instead of keeping runs on a machine which is about to vanish. The module is CommonJS
 * on purpose: esbuild then runs it when it is imported, not when the bundle starts.
 */
export const withoutEmbeddedBackend: esbuild.Plugin = {
  name: 'without-embedded-backend',
  setup(build) {
    build.onResolve({ filter: /^node:sqlite$/ }, ({ path }) => ({ path, namespace: 'absent' }));
    const message = 'The embedded backend is not part of what is deployed: MPCOMM_BACKEND=gcp';
    build.onLoad({ filter: /.*/, namespace: 'absent' }, () => ({
      contents: `module.exports = {}; throw new Error(${JSON.stringify(message)});`,
      loader: 'js',
    }));
  },
};
