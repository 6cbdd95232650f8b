/** The hosts that are called, and no others: constants, whatever a key file or an answer says. */
export const HOSTS = {
  token: 'oauth2.googleapis.com',
  projects: 'cloudresourcemanager.googleapis.com',
  assets: 'cloudasset.googleapis.com',
  compute: 'compute.googleapis.com',
  storage: 'storage.googleapis.com',
  bigquery: 'bigquery.googleapis.com',
  container: 'container.googleapis.com',
} as const;

export const UNIVERSE = 'googleapis.com';
/** What an untouched key file names as its token endpoint; the second is what old ones do. Neither is ever read. */
export const TOKEN_URIS: readonly string[] = [
  `https://${HOSTS.token}/token`,
  'https://accounts.google.com/o/oauth2/token',
];
