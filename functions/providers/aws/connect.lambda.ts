import { connectHandler } from '../../http/connect.ts';
import { aws } from './index.ts';

/** `POST /aws/connect`. */
export const handler = connectHandler(aws);
