import { isIP } from 'node:net';
import { CredentialsError } from '../contract.ts';
import { mayCall } from './addresses.ts';

/** Names that mean this machine or its cloud's metadata, whatever they resolve to. */
const OWN_NAMES =
  /^(.*\.)?(localhost|localhost\.localdomain|localdomain|ip6-localhost|ip6-loopback)$|^metadata(\.google\.internal)?$|^instance-data(\..*)?$/;
const NAME = /^(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const PATH = /^(\/[A-Za-z0-9._~-]+)*$/;
/** A host written as an address that the URL parser itself refuses: a zone, a fifth part, a digit too many. */
const LIKE_AN_ADDRESS = /^https:\/\/(\[|[\dxa-fX.]+(:\d+)?(\/|$))/;
const PORTS: readonly number[] = [443, 6443, 8443];

const unsafe = (rule: string): CredentialsError =>
  new CredentialsError('UNSAFE_KUBECONFIG', `kubeconfig: server: ${rule}`);
const unsafeAddress = (): CredentialsError =>
  new CredentialsError(
    'UNSAFE_ENDPOINT',
    'kubeconfig: server: must not be at a loopback, link-local, private or metadata address.',
    'A cluster in a private network can be connected where the deployment lists that network in privateEndpointCidrs.',
  );

/**
 * Checks where a cluster is to be called, without a look-up, and writes it in one way. Literals are checked here in
 * whatever notation, since the URL parser reads all that a socket would; a name is checked when it is resolved.
 * @throws CredentialsError UNSAFE_KUBECONFIG, UNSAFE_ENDPOINT, INVALID_KUBECONFIG
 */
export function checkServer(text: string, privateCidrs: readonly string[]): string {
  if (!/^https:\/\/[^\s\\]+$/i.test(text)) throw unsafe('must begin with https:// and hold no space or backslash.');
  if (!URL.canParse(text)) {
    if (LIKE_AN_ADDRESS.test(text)) throw unsafeAddress();
    throw new CredentialsError('INVALID_KUBECONFIG', 'kubeconfig: server: must be a URL.');
  }
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || text.includes('@'))
    throw unsafe('must not hold a user or password.');
  const port = url.port === '' ? 443 : Number(url.port);
  if (!PORTS.includes(port) && port < 1024) throw unsafe('must use port 443, 6443, 8443 or one from 1024.');
  if (/[?#]/.test(text))
    throw new CredentialsError('INVALID_KUBECONFIG', 'kubeconfig: server: must not hold a query or fragment.');
  const path = url.pathname.replace(/\/$/, '');
  if (!PATH.test(path)) throw new CredentialsError('INVALID_KUBECONFIG', 'kubeconfig: server: has an unusual path.');
  checkHost(url.hostname, privateCidrs);
  return `${url.origin}${path}`;
}

function checkHost(host: string, privateCidrs: readonly string[]): void {
  const literal = host.replace(/^\[|\]$/g, '');
  if (isIP(literal) !== 0) {
    if (!mayCall(literal, privateCidrs)) throw unsafeAddress();
    return;
  }
  const name = host.replace(/\.$/, '');
  if (OWN_NAMES.test(name)) throw unsafeAddress();
  if (!NAME.test(name)) throw new CredentialsError('INVALID_KUBECONFIG', 'kubeconfig: server: must name a host.');
}
