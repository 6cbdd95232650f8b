import { connectHandler } from '../../http/connect.ts';
import { connecting } from './prove.ts';

/** `POST /azure/connect`. */
export const handler = connectHandler(connecting);
