import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import * as z from 'zod';
import { Secret } from '../../runtime/secret.ts';
import { setting } from '../../runtime/settings.ts';
import { CredentialsError } from '../contract.ts';
import { privateKeyIn } from '../private-key.ts';
import type { KubernetesCredentials } from './credentials.ts';
import { kubernetesFacts } from './facts.ts';
import { checkServer } from './server.ts';
import { readYaml, YamlError } from './yaml.ts';

/** What makes a kubeconfig that works, where a cloud's own one runs a program for each token. */
const INSTEAD = [
  'Give a kubeconfig with a token that needs no program. EKS, GKE, AKS and others alike:',
  'kubectl apply -f infraaudit-read.json (the document of GET /kubernetes/permissions), then',
  ...kubernetesFacts.permissions().howTo.filter((line) => line.startsWith('kubectl config')),
].join('\n');

/** Fields that would run, read, forward, weaken or pretend, and what is said of each. */
const REFUSED: Readonly<Record<string, string>> = {
  exec: 'user.exec runs a program on the machine that reads it.',
  'auth-provider': 'user.auth-provider runs a program or calls another server.',
  tokenFile: 'user.tokenFile names a file. Put the token itself into user.token.',
  'client-certificate':
    'user.client-certificate names a file. Use client-certificate-data (kubectl config view --raw --minify --flatten).',
  'client-key': 'user.client-key names a file. Use client-key-data (kubectl config view --raw --minify --flatten).',
  'certificate-authority':
    'cluster.certificate-authority names a file. Use certificate-authority-data (kubectl config view --raw --minify --flatten).',
  'proxy-url': 'cluster.proxy-url sends the calls elsewhere. Leave it out.',
  'insecure-skip-tls-verify': 'cluster.insecure-skip-tls-verify is not taken. Give certificate-authority-data.',
  'disable-compression': 'cluster.disable-compression is not taken. Leave it out.',
  extensions: 'extensions are not taken. Leave them out.',
  as: "user.as pretends to be another user. Give that user's own token.",
  'as-uid': 'user.as-uid pretends to be another user.',
  'as-groups': 'user.as-groups pretends to be in other groups.',
  'as-user-extra': 'user.as-user-extra pretends to be another user.',
  username: 'user.username: a password is not taken. Give a token or a client certificate.',
  password: 'user.password: a password is not taken. Give a token or a client certificate.',
};

/** `kubectl config view` alone writes REDACTED and DATA+OMITTED in their places. */
const RAW = 'kubectl config view shows it with --raw only.';

const text = z.string().min(1);
const named = z.array(z.looseObject({ name: text })).min(1);
const configSchema = z.object({
  apiVersion: z.literal('v1').optional(),
  kind: z.literal('Config').optional(),
  preferences: z.strictObject({}).nullish(),
  'current-context': text,
  clusters: named,
  contexts: named,
  users: named,
});
const namespace = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
const contextSchema = z.strictObject({ cluster: text, user: text, namespace: namespace.optional() });
const clusterSchema = z.strictObject({
  server: text,
  'certificate-authority-data': text.optional(),
  'tls-server-name': text.optional(),
});
const userSchema = z.strictObject({
  token: text.optional(),
  'client-certificate-data': text.optional(),
  'client-key-data': text.optional(),
});

const invalid = (rule: string): CredentialsError => new CredentialsError('INVALID_KUBECONFIG', `kubeconfig: ${rule}`);
const unsafe = (rule: string): CredentialsError =>
  new CredentialsError('UNSAFE_KUBECONFIG', `kubeconfig: ${rule}`, INSTEAD);

/**
 * Reads the connect body: a kubeconfig as data, of which only the fields of its current context are taken that name the
 * server and say who calls. Nothing is run, read, looked up or quoted; other contexts are left alone.
 * @throws CredentialsError INVALID_KUBECONFIG, UNSAFE_KUBECONFIG, UNSAFE_ENDPOINT
 */
export function parseCredentials(body: unknown): Secret<KubernetesCredentials> {
  const { kubeconfig } = kubernetesFacts.body.parse(body);
  const { cluster, user, namespace } = currentOf(readConfig(kubeconfig));
  const server = checkServer(cluster.server, setting('clouds').privateEndpointCidrs);
  const name = cluster['tls-server-name'];
  if (name !== undefined && !/^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/.test(name) && isIP(name) === 0) {
    throw invalid('cluster.tls-server-name: must be a name.');
  }
  const authority = cluster['certificate-authority-data'];
  return new Secret({
    v: 1,
    server,
    ...(authority === undefined ? {} : { ca: authorityOf(authority) }),
    ...(name === undefined ? {} : { serverName: name }),
    ...(namespace === undefined ? {} : { namespace }),
    ...whoOf(user),
  });
}

function readConfig(kubeconfig: string): z.infer<typeof configSchema> {
  try {
    const read = configSchema.safeParse(readYaml(kubeconfig));
    if (read.success) return read.data;
  } catch (error) {
    if (error instanceof YamlError) throw invalid(`${error.message}.`);
    throw error;
  }
  throw invalid('must be a v1 Config with current-context, clusters, contexts and users.');
}

/** The current context's parts, each with no field but those that are taken. */
function currentOf(config: z.infer<typeof configSchema>) {
  const find = (list: readonly { readonly name: string }[], name: string, kind: string): object => {
    const found = list.filter((one) => one.name === name);
    const [first] = found;
    if (first === undefined || found.length > 1) throw invalid(`the ${kind} must be there, once.`);
    return first;
  };
  const part = <T>(schema: z.ZodType<T>, entry: object, kind: string): T => {
    const value: unknown = Reflect.get(entry, kind);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(`${kind}: must be a map.`);
    const fields = Object.keys(value);
    const refused = fields.find((field) => Object.hasOwn(REFUSED, field));
    if (refused !== undefined) throw unsafe(REFUSED[refused] ?? '');
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    if (parsed.error.issues.some(({ code }) => code === 'unrecognized_keys')) {
      throw unsafe(`${kind}: has a field that is not taken.`);
    }
    const where = parsed.error.issues[0]?.path.join('.');
    throw invalid(`${kind}.${where}: is missing or has another form.`);
  };
  const context = part(contextSchema, find(config.contexts, config['current-context'], 'current context'), 'context');
  return {
    cluster: part(clusterSchema, find(config.clusters, context.cluster, "context's cluster"), 'cluster'),
    user: part(userSchema, find(config.users, context.user, "context's user"), 'user'),
    namespace: context.namespace,
  };
}

/** Of an RSA key: more than a handshake can bear. */
const MOST_BITS = 8192;
/** Characters of a bearer token; a service account's has about a thousand. */
const TOKEN = /^[\x21-\x7e]{1,16384}$/;

function whoOf(user: z.infer<typeof userSchema>): Partial<KubernetesCredentials> {
  const { token, 'client-certificate-data': certificate, 'client-key-data': key } = user;
  if (token !== undefined && !TOKEN.test(token)) throw invalid('user.token: must be one line of visible characters.');
  if (token === 'REDACTED') throw invalid(`user.token: is left out. ${RAW}`);
  if ((certificate === undefined) !== (key === undefined)) {
    throw invalid('user.client-certificate-data and user.client-key-data: must be given together.');
  }
  if (certificate === undefined || key === undefined) {
    if (token === undefined) throw invalid('user: must have a token or a client certificate.');
    return { token };
  }
  return { ...(token === undefined ? {} : { token }), ...clientOf(certificate, key) };
}

function clientOf(certificate: string, key: string): Pick<KubernetesCredentials, 'clientCertificate' | 'clientKey'> {
  const [clientCertificate, [first]] = certificatesOf(certificate, 'user.client-certificate-data');
  const read = privateKeyIn(decoded(key, 'user.client-key-data'));
  const bits = read?.asymmetricKeyDetails?.modulusLength ?? 0;
  if (read === undefined || bits > MOST_BITS || first?.checkPrivateKey(read) !== true) {
    throw invalid('user.client-key-data: must be the private key of the certificate, in PEM, without a password.');
  }
  // Written anew: what is kept is nothing but the key.
  return { clientCertificate, clientKey: read.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

const authorityOf = (data: string): string => certificatesOf(data, 'cluster.certificate-authority-data')[0];

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/** PEM of certificates and nothing else, and the certificates. */
function certificatesOf(data: string, field: string): [string, X509Certificate[]] {
  const found = decoded(data, field).match(CERTIFICATE) ?? [];
  try {
    if (found.length > 0) return [`${found.join('\n')}\n`, found.map((pem) => new X509Certificate(pem))];
  } catch {
    // Said below, without the text that OpenSSL quotes.
  }
  throw invalid(`${field}: must be certificates in PEM, in base64. ${RAW}`);
}

function decoded(data: string, field: string): string {
  const packed = data.replaceAll(/\s/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(packed)) throw invalid(`${field}: must be base64.`);
  return Buffer.from(packed, 'base64').toString('latin1');
}
