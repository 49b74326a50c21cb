import vm from 'node:vm';

/** What V8 made of a source, by the source itself: a file that changes is another one. */
const kept = new Map();

/**
 * Has V8 compile each source once in a worker. Jest loads its own parts, and whatever a test imports, anew for each test file:
 * to compile all that again took a sixth of the processor time of loading.
 */
export function keepCompiledCode() {
  const { compileFunction, SourceTextModule } = vm;
  vm.compileFunction = (source, parameters, options) => {
    const cachedData = kept.get(source);
    if (cachedData !== undefined)
      return compileFunction(source, parameters, { ...options, cachedData });
    // Node has no other way to get this data of a function.
    // oxlint-disable-next-line typescript/no-deprecated
    const compiled = compileFunction(source, parameters, { ...options, produceCachedData: true });
    kept.set(source, compiled.cachedData);
    return compiled;
  };
  vm.SourceTextModule = class KeptModule extends SourceTextModule {
    constructor(source, options) {
      const cachedData = kept.get(source);
      super(source, cachedData === undefined ? options : { ...options, cachedData });
      if (cachedData === undefined) kept.set(source, this.createCachedData());
    }
  };
}
