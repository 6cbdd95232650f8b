import { NotFoundError } from '../domain/errors.ts';
import { endpoint } from './endpoint.ts';
import { routes } from './routes.ts';

/** Every path and method that is not ours, with a token or without. */
export const handler = endpoint(routes.notFound, {}, async () => {
  throw new NotFoundError();
});
