import { MANAGEMENT_HOST, UnsafeHostError } from './transport.ts';

/**
 * The path of a page's `nextLink`. Only Azure Resource Manager itself is ever sent a token, and only for what was asked.
 * @param path of the call that answered, without its query.
 * @throws UnsafeHostError
 */
export function nextPath(link: string, path: string): string {
  const url = URL.canParse(link) ? new URL(link) : undefined;
  const same = url?.protocol === 'https:' && url.host === MANAGEMENT_HOST && url.username === '' && url.password === '';
  if (url === undefined || !same || url.pathname.toLowerCase() !== path.toLowerCase()) throw new UnsafeHostError();
  return `${url.pathname}${url.search}`;
}
