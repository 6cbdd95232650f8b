import { NotFoundError } from '../domain/errors.ts';
import { clouds } from '../providers/registered.ts';
import { endpoint } from './endpoint.ts';
import { routes } from './routes.ts';

/** `GET /{type}/permissions`: what a customer of that cloud must grant, derived from what its collectors declare. */
export const handler = endpoint(routes.getPermissions, {}, async ({ params }) => {
  const facts = Object.values(clouds).find(({ name }) => name === params.type);
  if (facts === undefined) throw new NotFoundError();
  const { permissions, format, document, howTo } = facts.permissions();
  return { body: { type: facts.name, permissions: [...permissions], format, document, how_to: [...howTo] } };
});
