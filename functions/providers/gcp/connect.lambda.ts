import { connectHandler } from '../../http/connect.ts';
import { connecting } from './prove.ts';

/** `POST /gcp/connect`. */
export const handler = connectHandler(connecting);
