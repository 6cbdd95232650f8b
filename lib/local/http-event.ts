import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ACCOUNT } from './account.ts';
import type { MatchedRoute } from './route-table.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** Bodies of these types come as text, all others as base64. */
const TEXT = /^(text\/.*|application\/(json|javascript|xml))$/;

/** The path as the gateway hands it on: decoded once, and cut at a `?` that comes out of that. @throws URIError */
export function gatewayPath(rawUrl: string): { readonly path: string; readonly query: string } {
  const mark = rawUrl.indexOf('?');
  const [encoded, query] = mark < 0 ? [rawUrl, ''] : [rawUrl.slice(0, mark), rawUrl.slice(mark + 1)];
  const decoded = decodeURIComponent(encoded);
  const cut = decoded.indexOf('?');
  return { path: cut < 0 ? decoded : decoded.slice(0, cut), query };
}

/**
 * An HTTP request as an event of payload format 2.0.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function httpEvent(
  request: IncomingMessage,
  body: Buffer,
  { route, path, parameters }: MatchedRoute,
  query: string,
) {
  const sourceIp = request.socket.remoteAddress ?? '';
  const now = new Date();
  const { cookie, ...headers } = lowerCaseHeaders(request.rawHeaders);
  const host = (headers.host ?? '').replace(/:\d+$/, '');
  const forwarded = headers['x-forwarded-for'];
  const text = headers['content-encoding'] === undefined && TEXT.test(mediaType(headers['content-type']));
  const queryStringParameters = joined(new URLSearchParams(query));
  return {
    version: '2.0',
    routeKey: route.key,
    rawPath: path,
    rawQueryString: query,
    ...(cookie === undefined ? {} : { cookies: cookie.split(/[;,]\s*/).filter((each) => each !== '') }),
    headers: {
      ...headers,
      'x-forwarded-for': forwarded === undefined ? sourceIp : `${forwarded}, ${sourceIp}`,
      'x-forwarded-port': String(request.socket.localPort),
      'x-forwarded-proto': 'http',
    },
    ...(Object.keys(queryStringParameters).length === 0 ? {} : { queryStringParameters }),
    requestContext: {
      accountId: ACCOUNT,
      apiId: 'local',
      domainName: host,
      domainPrefix: host.split('.')[0],
      http: {
        method: request.method,
        path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: route.key,
      stage: '$default',
      time: clfTime(now),
      timeEpoch: now.getTime(),
    },
    ...(Object.keys(parameters).length === 0 ? {} : { pathParameters: parameters }),
    ...(body.length === 0 ? {} : { body: text ? body.toString('utf8') : body.toString('base64') }),
    isBase64Encoded: body.length > 0 && !text,
  };
}

/** Names in lower case; values of a name that came more than once joined by commas. */
function lowerCaseHeaders(raw: readonly string[]): Record<string, string> {
  const pairs = raw.flatMap((name, n): [string, string][] =>
    n % 2 === 0 ? [[name.toLowerCase(), raw[n + 1] ?? '']] : [],
  );
  return joined(pairs);
}

function joined(pairs: Iterable<[string, string]>): Record<string, string> {
  const together = new Map<string, string>();
  for (const [name, value] of pairs) {
    const before = together.get(name);
    together.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(together);
}

function mediaType(header: string | undefined): string {
  return (header ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** The time as the Common Log Format has it: `12/Mar/2020:19:03:58 +0000`. */
function clfTime(time: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${two(time.getUTCDate())}/${MONTHS[time.getUTCMonth()]}/${time.getUTCFullYear()}`;
  return `${day}:${two(time.getUTCHours())}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())} +0000`;
}
