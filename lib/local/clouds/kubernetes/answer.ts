import type { IncomingHttpHeaders } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SampleCluster } from './clusters.ts';
import { type Kind, operationOf } from './inventory/kind.ts';
import { KINDS, Listing } from './inventory/listing.ts';
import { isAt, type Place } from './knobs.ts';
import { pageOf } from './pages.ts';
import type { State } from './sample-kubernetes.ts';
import { expired, forbidden, StatusError, unauthorized } from './status.ts';

/** A request as the server reads it. */
export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The common name in a client certificate that the authority signed; `invalid` for one it did not. */
  readonly certificate: string | undefined;
}
export interface Written {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const ANONYMOUS = 'system:anonymous';
const METADATA_ONLY = /as=PartialObjectMetadataList;g=meta\.k8s\.io;v=v1/;

/** What an API server has at a path. */
type Route =
  | { readonly operation: 'version' | 'selfsubjectreviews' | 'kube-system' | 'discovery' }
  | { readonly operation: string; readonly kind: Kind };

/** Answers one request, or nothing where it is to hang. */
export async function answer(state: State, asked: Asked): Promise<Written | undefined> {
  const cluster = state.clusters.find(({ host }) => host === asked.headers.host);
  const route = routeOf(asked);
  const place: Place = { service: 'kubernetes', region: 'cluster', operation: route?.operation ?? 'unknown' };
  const { knobs } = state;
  const ended = (outcome: string, written: Written): Written => {
    state.calls.push({ ...place, outcome });
    return written;
  };
  if (cluster === undefined || route === undefined) {
    state.unknown.push(`${asked.headers.host} ${asked.method} ${asked.url.pathname}`);
    return ended('404', { status: 404, type: 'text/plain', body: '404 page not found\n' });
  }
  if (knobs.latencyMs > 0) await sleep(knobs.latencyMs);
  if (knobs.hang.some((knob) => isAt(knob, place))) return undefined;
  if (knobs.broken.some((knob) => isAt(knob, place))) {
    return ended('ok', { status: 200, type: 'text/html', body: '<html>Please sign in</html>' });
  }
  if (knobs.absent.some((knob) => isAt(knob, place))) {
    return ended('404', { status: 404, type: 'text/plain', body: '404 page not found\n' });
  }
  try {
    const username = authenticate(state, cluster, asked);
    refuse(state, place, asked, username, route);
    return ended('ok', json(200, found(state, cluster, asked, username, route)));
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return ended(error.reason, { ...json(error.code, error.body), headers: error.headers });
  }
}

const json = (status: number, value: unknown): Written => ({
  status,
  type: 'application/json',
  body: JSON.stringify(value),
});

function routeOf({ method, url }: Asked): Route | undefined {
  const { pathname } = url;
  if (method === 'POST') {
    const isReview = pathname === '/apis/authentication.k8s.io/v1/selfsubjectreviews';
    return isReview ? { operation: 'selfsubjectreviews' } : undefined;
  }
  if (method !== 'GET') return undefined;
  if (pathname === '/version') return { operation: 'version' };
  if (pathname === '/api' || pathname === '/apis') return { operation: 'discovery' };
  if (pathname === '/api/v1/namespaces/kube-system') return { operation: 'kube-system' };
  const kind = KINDS.find((one) => pathname === pathOf(one));
  return kind === undefined ? undefined : { operation: operationOf(kind), kind };
}

const pathOf = ({ group, version, plural }: Kind): string =>
  `${group === '' ? '/api' : `/apis/${group}`}/${version}/${plural}`;

/** Who calls; nobody in particular without credentials, and a refusal for wrong ones. @throws StatusError */
function authenticate(state: State, cluster: SampleCluster, { headers, certificate }: Asked): string {
  if (state.knobs.unauthorized) throw unauthorized();
  if (certificate !== undefined) {
    if (certificate !== cluster.username) throw unauthorized();
    return certificate;
  }
  const { authorization } = headers;
  if (authorization === undefined) return ANONYMOUS;
  if (authorization !== `Bearer ${state.tokens.get(cluster.host)}`) throw unauthorized();
  return cluster.username;
}

/** What rights and knobs refuse. @throws StatusError */
function refuse(state: State, place: Place, asked: Asked, username: string, route: Route): void {
  const { knobs } = state;
  const free = ['version', 'discovery'].includes(route.operation);
  const page = Number(/"page":(\d+)/.exec(decode(asked.url.searchParams.get('continue')))?.[1] ?? 1);
  const denied = knobs.deny.some((knob) => isAt(knob, place) && page > (knob.afterPage ?? 0));
  if (denied || (username === ANONYMOUS && !free)) throw refusalOf(route, username);
  if (knobs.down.some((knob) => isAt(knob, place))) {
    throw new StatusError(503, 'ServiceUnavailable', 'the server is currently unable to handle the request');
  }
  if (!state.admits(place) || isThrottled(state, place)) {
    const headers = { 'retry-after': '1' };
    throw new StatusError(429, 'TooManyRequests', 'too many requests, please try again later', { headers });
  }
}

function refusalOf(route: Route, username: string): StatusError {
  if ('kind' in route) return forbidden(username, 'list', route.kind.plural, route.kind.group);
  if (route.operation === 'kube-system') return forbidden(username, 'get', 'namespaces', '', 'kube-system');
  if (route.operation === 'selfsubjectreviews') {
    return forbidden(username, 'create', 'selfsubjectreviews', 'authentication.k8s.io');
  }
  return new StatusError(403, 'Forbidden', `forbidden: User "${username}" cannot get path "/version"`);
}

function isThrottled(state: State, place: Place): boolean {
  for (const [n, knob] of state.knobs.throttle.entries()) {
    if (!isAt(knob, place)) continue;
    const before = state.spent.get(`throttle ${n}`) ?? 0;
    const hit = knob.first === undefined ? state.random.next() < (knob.rate ?? 1) : before < knob.first;
    if (!hit) continue;
    state.spent.set(`throttle ${n}`, before + 1);
    return true;
  }
  return false;
}

function found(state: State, cluster: SampleCluster, asked: Asked, username: string, route: Route): object {
  if ('kind' in route) return listOf(state, cluster, asked, route.kind);
  switch (route.operation) {
    case 'version':
      return { major: '1', minor: cluster.version.split('.')[1], gitVersion: cluster.version, platform: 'linux/amd64' };
    case 'selfsubjectreviews': {
      const userInfo = { username, groups: cluster.groups };
      return { kind: 'SelfSubjectReview', apiVersion: 'authentication.k8s.io/v1', metadata: {}, status: { userInfo } };
    }
    case 'kube-system':
      return {
        kind: 'Namespace',
        apiVersion: 'v1',
        metadata: { name: 'kube-system', uid: cluster.uid },
        spec: {},
        status: { phase: 'Active' },
      };
    default:
      return discovery(asked.url.pathname);
  }
}

function discovery(path: string): object {
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] };
  const groups = [...new Set(KINDS.flatMap(({ group, version }) => (group === '' ? [] : [`${group}/${version}`])))];
  return {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: groups.map((groupVersion) => {
      const [name, version] = groupVersion.split('/');
      return { name, versions: [{ groupVersion, version }], preferredVersion: { groupVersion, version } };
    }),
  };
}

/** A list as a server writes it: chunked by `limit` and `continue`, whole or with the metadata alone. */
function listOf(state: State, cluster: SampleCluster, { url, headers }: Asked, kind: Kind): object {
  const place: Place = { service: 'kubernetes', region: 'cluster', operation: operationOf(kind) };
  const { knobs } = state;
  const { items, next, fresh } = pageOf(
    new Listing(cluster, kind, knobs),
    url.searchParams.get('limit'),
    url.searchParams.get('continue'),
    knobs.loopToken.some((knob) => isAt(knob, place)),
  );
  if (fresh !== undefined) {
    for (const [n, knob] of knobs.expire.entries()) {
      const before = state.spent.get(`expire ${n}`) ?? 0;
      if (!isAt(knob, place) || before >= knob.first) continue;
      state.spent.set(`expire ${n}`, before + 1);
      throw expired(fresh);
    }
  }
  const metadata = { resourceVersion: '4711', ...(next === undefined ? {} : { continue: next }) };
  if (METADATA_ONLY.test(headers.accept ?? '')) {
    const partial = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1' };
    return {
      kind: 'PartialObjectMetadataList',
      apiVersion: 'meta.k8s.io/v1',
      metadata,
      items: items.map((item) => ({ ...partial, metadata: item.metadata })),
    };
  }
  return {
    kind: `${kind.kind}List`,
    apiVersion: kind.group === '' ? kind.version : `${kind.group}/${kind.version}`,
    metadata,
    items: items.map((item) => ({ metadata: item.metadata, ...item.rest })),
  };
}

const decode = (token: string | null): string => Buffer.from(token ?? '', 'base64url').toString();
