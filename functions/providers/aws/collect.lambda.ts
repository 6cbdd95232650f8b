import { collectHandler } from '../../sync/collect-task.ts';
import { aws } from './index.ts';

/** Works off AWS tasks. */
export const handler = collectHandler(aws);
