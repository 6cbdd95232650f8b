import { collectHandler } from '../../sync/collect-task.ts';
import { collecting } from './session.ts';

/** Works off tasks of the paper cloud. */
export const handler = collectHandler(collecting);
