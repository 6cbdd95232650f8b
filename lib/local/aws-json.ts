import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { bodyOf, type Endpoint, serve } from './loopback.ts';

/** An error as an AWS JSON service answers it; the SDK makes the exception of that name of it. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** Answers one call; what it returns is sent as JSON. */
export type Action = (input: unknown) => unknown;

/** One action of a service: its input's shape, and what it does. */
export function action<S extends z.ZodType>(input: S, run: (input: z.infer<S>) => unknown): Action {
  return (given) => {
    const parsed = input.safeParse(given);
    if (!parsed.success) throw new ServiceError('ValidationException', z.prettifyError(parsed.error));
    return run(parsed.data);
  };
}

/**
 * Serves a service of the AWS JSON protocols on loopback.
 * An action that is not among them is refused loudly: an emulator that guesses proves nothing.
 */
export function serveAwsJson(actions: Readonly<Record<string, Action>>): Promise<Endpoint> {
  return serve(async (request, response) => {
    const answer = (status: number, body: unknown): void => {
      const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() };
      response.writeHead(status, headers).end(JSON.stringify(body));
    };
    try {
      const body = await bodyOf(request);
      const name =
        z
          .string()
          .parse(request.headers['x-amz-target'] ?? '')
          .split('.')
          .at(-1) ?? '';
      const run = Object.hasOwn(actions, name) ? actions[name] : undefined;
      if (run === undefined)
        throw new ServiceError('UnknownOperationException', `The local twin does not know ${name}.`);
      answer(200, (await run(JSON.parse(String(body)))) ?? {});
    } catch (error) {
      if (response.headersSent || response.destroyed) return;
      if (error instanceof ServiceError) answer(error.status, { __type: error.code, message: error.message });
      else answer(500, { __type: 'InternalServiceError', message: String(error) });
    }
  });
}
