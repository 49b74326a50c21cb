import { stripTypeScriptTypes } from 'node:module';

/** Jest runs the sources as Node does: the types are stripped and nothing else is changed. */
export default {
  process(source, path) {
    return { code: stripTypeScriptTypes(source, { mode: 'strip', sourceUrl: path }) };
  },
};
