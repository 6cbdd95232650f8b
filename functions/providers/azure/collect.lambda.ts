import { collectHandler } from '../../sync/collect-task.ts';
import { collecting } from './session.ts';

/** Works off Azure tasks. */
export const handler = collectHandler(collecting);
