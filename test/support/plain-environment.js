import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

/**
 * Jest's environment for Node with an ordinary global object. Its own one stands behind a proxy, through which
 * each use of `Math` or `Float64Array` goes: simulations took four times as long in tests as outside. Node
 * makes the ordinary one with `vm.constants.DONT_CONTEXTIFY` (documentation of `vm.createContext`).
 */
export default class PlainEnvironment extends TestEnvironment {
  constructor(...options) {
    const { createContext } = vm;
    // Jest's constructor is synchronous, and offers no other way to hand in a context.
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(...options);
    } finally {
      vm.createContext = createContext;
    }
  }
}
