import { connectHandler } from '../../http/connect.ts';
import { connecting } from './prove.ts';

/** `POST /paper/connect`. */
export const handler = connectHandler(connecting);
