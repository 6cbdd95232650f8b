import { collectHandler } from '../../sync/collect-task.ts';
import { collecting } from './session.ts';

/** Works off GCP tasks. */
export const handler = collectHandler(collecting);
