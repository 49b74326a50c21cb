import { join } from 'node:path';
import { SqliteBus } from '../../backend/sqlite-bus.ts';
import { SqliteStore } from '../../backend/sqlite-store.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { describeBus } from './bus-contract.ts';
import { describeStore } from './store-contract.ts';

const file = join(temporaryDirectory(), 'new', 'state.sqlite');

describeStore('embedded', () => SqliteStore.open(file));
describeBus('embedded', () => SqliteBus.open(file));
