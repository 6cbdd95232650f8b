import { cbor } from '@smithy/core/cbor';
import type { Protocol } from './protocols.ts';
import type { Operation, Service } from './services/operation.ts';
import type { Signed } from './signature.ts';

/** What a request speaks: the service's own protocol, or another that the service speaks too and the client chose. */
export function protocolOf({ protocol, also = [] }: Service, { headers }: Signed): Protocol {
  const spoken: Protocol =
    headers['smithy-protocol'] === 'rpc-v2-cbor' ? 'cbor' : headers['x-amz-target'] === undefined ? 'query' : 'json';
  return also.includes(spoken) ? spoken : protocol;
}

/**
 * Parameters of the query, the form or the body, by name. A list repeats its name; a member of a structure stands behind
 * the structure's name and a dot (`Includes.keyTypes`).
 */
export function readParams(protocol: Protocol, { url, body }: Signed): URLSearchParams {
  const params = new URLSearchParams(url.split('?')[1] ?? '');
  if (body.byteLength === 0) return params;
  if (protocol === 'json' || protocol === 'rest-json') put(params, '', JSON.parse(body.toString()));
  else if (protocol === 'cbor') put(params, '', cbor.deserialize(body));
  else for (const [name, value] of new URLSearchParams(body.toString())) params.set(name, value);
  return params;
}

function put(params: URLSearchParams, name: string, value: unknown): void {
  if (value === null || value === undefined) return;
  if (Array.isArray(value)) for (const one of value) put(params, name, one);
  else if (typeof value !== 'object') params.append(name, String(value));
  else for (const [key, one] of Object.entries(value)) put(params, name === '' ? key : `${name}.${key}`, one);
}

/** Every value of a list, as any of the protocols writes one. */
export function listOf(params: URLSearchParams, name: string): readonly string[] {
  const members = [...params].filter(
    ([key]) => key.startsWith(`${name}.`) && /^(member\.)?\d+$/.test(key.slice(name.length + 1)),
  );
  return [...params.getAll(name), ...members.map(([, value]) => value)];
}

/** The operation that is asked for; what its path names is put among the parameters. */
export function findOperation(
  service: Service,
  protocol: Protocol,
  { method, url, headers }: Signed,
  params: URLSearchParams,
): Operation | undefined {
  const path = (url.split('?')[0] ?? '/').replace(/(.)\/$/, '$1');
  const target = String(headers['x-amz-target'] ?? '').split('.');
  const named =
    protocol === 'json' ? target.at(-1) : protocol === 'cbor' ? path.split('/').at(-1) : params.get('Action');
  return service.operations.find((one) => {
    if (one.rest === undefined) return one.name === named;
    const found = one.rest.method === method ? matchPath(one.rest.path, path) : undefined;
    for (const [name, value] of found ?? []) params.set(name, value);
    return found !== undefined;
  });
}

/** What a path has in the places of a template's `{names}`; undefined where it does not fit. */
function matchPath(template: string, path: string): readonly (readonly [string, string])[] | undefined {
  const parts = path.split('/');
  const places = template.split('/');
  if (parts.length !== places.length) return undefined;
  const pairs = places.map((place, n) => [/^\{(\w+)\}$/.exec(place)?.[1], place, parts[n] ?? ''] as const);
  if (pairs.some(([name, place, part]) => (name === undefined ? place !== part : part === ''))) return undefined;
  return pairs.flatMap(([name, , part]) => (name === undefined ? [] : [[name, decodeURIComponent(part)] as const]));
}
