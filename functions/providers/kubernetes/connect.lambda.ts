import { connectHandler } from '../../http/connect.ts';
import { connecting } from './prove.ts';

/** `POST /kubernetes/connect`. */
export const handler = connectHandler(connecting);
