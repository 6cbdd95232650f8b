import { connectHandler } from '../../http/connect.ts';
import { connecting } from './prove.ts';

/** `POST /aws/connect`. */
export const handler = connectHandler(connecting);
