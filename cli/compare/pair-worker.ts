import { workerData } from 'node:worker_threads';
import { PairBoard, type SharedPairs } from './pair-board.ts';

// One of the threads of pair-threads.ts: it ends when no job is left.
new PairBoard(workerData as SharedPairs).workOn();
