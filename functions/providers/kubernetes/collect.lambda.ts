import { collectHandler } from '../../sync/collect-task.ts';
import { collecting } from './session.ts';

/** Works off Kubernetes tasks. */
export const handler = collectHandler(collecting);
