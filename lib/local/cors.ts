import type { IncomingMessage, ServerResponse } from 'node:http';

/** The stack's `CorsConfiguration`, in CloudFormation's spelling. */
export interface CorsModel {
  readonly AllowOrigins: readonly string[];
  readonly AllowMethods?: readonly string[] | undefined;
  readonly AllowHeaders?: readonly string[] | undefined;
  readonly ExposeHeaders?: readonly string[] | undefined;
  readonly MaxAge?: number | undefined;
}

/**
 * What the gateway does about requests from web pages of other origins: it writes these headers itself, over whatever
 * a function says, and answers preflights without asking one.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 * @returns whether the request was a preflight and is answered.
 */
export function answeredAsCors(
  cors: CorsModel | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const { origin } = request.headers;
  if (cors === undefined || origin === undefined) return false;
  const preflight = request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;
  if (cors.AllowOrigins.includes(origin)) {
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('vary', 'Origin');
    const list = (name: string, values: readonly string[] = []): void => {
      if (values.length > 0) response.setHeader(name, values.join(','));
    };
    if (preflight) {
      list('access-control-allow-methods', cors.AllowMethods);
      list('access-control-allow-headers', cors.AllowHeaders);
      if (cors.MaxAge !== undefined) response.setHeader('access-control-max-age', cors.MaxAge);
    } else list('access-control-expose-headers', cors.ExposeHeaders);
  }
  if (preflight) response.writeHead(204).end();
  return preflight;
}
