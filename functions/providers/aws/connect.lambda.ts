import { connectHandler } from '../../http/connect.ts';
import { connecting } from './index.ts';

/** `POST /aws/connect`. */
export const handler = connectHandler(connecting);
