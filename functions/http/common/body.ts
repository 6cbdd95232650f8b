import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type * as z from 'zod';
import { Problem } from './problems.ts';

/** Largest body that is read, in bytes of what was sent. */
const LARGEST_BODY = 256 * 1024;

const invalidJson = (): Problem => new Problem(400, 'INVALID_JSON', 'The body must be a JSON object.');

/**
 * Reads a JSON object out of a request. An empty body is an empty object where the route takes none.
 * @throws Problem 413, 415 or 400, none of which holds a word of the body.
 */
export function readJson(event: APIGatewayProxyEventV2, emptyIsObject: boolean): object {
  const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.byteLength > LARGEST_BODY) {
    throw new Problem(413, 'BODY_TOO_LARGE', `The body must be at most ${LARGEST_BODY} bytes.`);
  }
  if (bytes.byteLength === 0 && emptyIsObject) return {};
  const type = (event.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    throw new Problem(415, 'UNSUPPORTED_MEDIA_TYPE', 'The Content-Type must be application/json.');
  }
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw invalidJson();
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalidJson();
  return value;
}

/** Parses by a schema. @throws Problem 400 that names the fields and the rules, never a value. */
export function validate<S extends z.ZodType>(schema: S, value: unknown, what: string): z.output<S> {
  // An own `__proto__` is a field like any other that nobody asked for, also where a schema cannot see it.
  const hidden = typeof value === 'object' && value !== null && Object.hasOwn(value, '__proto__');
  const parsed = schema.safeParse(value);
  if (parsed.success && !hidden) return parsed.data;
  const issues = (parsed.error?.issues ?? []).map((issue) => {
    const where = issue.path.join('.') || what;
    if (issue.code === 'unrecognized_keys') return `${what}: has fields that are not known`;
    return `${where}: ${ruleOf(issue)}`;
  });
  const details = [...new Set(hidden ? [...issues, `${what}: has fields that are not known`] : issues)];
  throw new Problem(400, 'VALIDATION_FAILED', `The ${what} is not valid.`, {
    details: details.join('; ').slice(0, 1000),
  });
}

/** The rule that was broken, in words of ours: zod's own may quote what was sent. */
function ruleOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${issue.expected}, and present`;
    case 'too_big':
      return `must be at most ${issue.maximum}`;
    case 'too_small':
      return `must be at least ${issue.minimum}`;
    case 'custom':
      return issue.message;
    default:
      return 'does not have its format';
  }
}
