import { cloudEvent, http } from '@google-cloud/functions-framework';
import { compare } from './compare.ts';
import { exit } from './exit.ts';
import { expire } from './expire.ts';
import { run } from './run.ts';

/** The functions by the names under which they are deployed. */
http('run', run);
http('exit', exit);
http('expire', expire);
cloudEvent('compare', compare);
