import { REGION } from './account.ts';

/** How the twin itself calls one of its endpoints. Nothing here checks the keys. */
export function clientSettings(endpoint: string) {
  return { endpoint, region: REGION, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
}
