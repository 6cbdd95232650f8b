import { createPublicKey, randomBytes, verify } from 'node:crypto';
import * as z from 'zod';
import { EXAMPLE_PROJECT, type Holder, MAIN_PROJECT, OUTSIDER } from './accounts.ts';
import { Refusal } from './refusal.ts';

const HOLDERS: readonly Holder[] = [MAIN_PROJECT, EXAMPLE_PROJECT, OUTSIDER];
const AUDIENCE = 'https://oauth2.googleapis.com/token';
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
/** Seconds. */
const LONGEST = 3600;
const SKEW = 300;
const LIFETIME = 3599;

const headerSchema = z.object({ alg: z.literal('RS256') });
const claimsSchema = z.object({
  iss: z.string(),
  aud: z.string(),
  scope: z.string().optional(),
  iat: z.number(),
  exp: z.number(),
});

/** Access tokens that were handed out, and to whom. */
export class Tokens {
  readonly #issued = new Map<string, { readonly email: string; readonly until: number }>();

  /**
   * Exchanges an assertion for a token.
   * @see https://developers.google.com/identity/protocols/oauth2/service-account#httprest
   * @throws Refusal with OAuth's error, as the endpoint answers it
   */
  exchange(form: URLSearchParams, disabled: readonly string[]): unknown {
    if (form.get('grant_type') !== GRANT) throw refused('unsupported_grant_type', 'Invalid grant_type');
    const email = checked(form.get('assertion') ?? '', Date.now() / 1000);
    if (disabled.includes(email)) throw refused('invalid_grant', 'Invalid grant: account disabled');
    const token = `ya29.c.${randomBytes(48).toString('base64url')}`;
    this.#issued.set(token, { email, until: Date.now() + LIFETIME * 1000 });
    return { access_token: token, expires_in: LIFETIME, token_type: 'Bearer' };
  }

  /** Whose token it is; undefined where it is none that is good. */
  holderOf(authorization: string | undefined): string | undefined {
    const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1] ?? '';
    const issued = this.#issued.get(token);
    return issued !== undefined && issued.until > Date.now() ? issued.email : undefined;
  }

  /** All of them are good for nothing any more. */
  revoke(): void {
    this.#issued.clear();
  }
}

/** The address whose key has signed the assertion. */
function checked(assertion: string, now: number): string {
  const [header = '', claims = '', signature = '', ...rest] = assertion.split('.');
  const head = headerSchema.safeParse(part(header));
  const said = claimsSchema.safeParse(part(claims));
  if (!head.success || !said.success || rest.length > 0) throw refused('invalid_request', 'Bad Request');
  const { iss, aud, scope, iat, exp } = said.data;
  const holder = HOLDERS.find(({ clientEmail }) => clientEmail === iss);
  if (holder === undefined) throw refused('invalid_grant', 'Invalid grant: account not found');
  const isSigned = verify(
    'sha256',
    Buffer.from(`${header}.${claims}`),
    createPublicKey(holder.key),
    Buffer.from(signature, 'base64url'),
  );
  if (!isSigned) throw refused('invalid_grant', 'Invalid JWT Signature.');
  if (aud !== AUDIENCE) throw refused('invalid_grant', 'Invalid JWT: Failed audience check.');
  if (iat > now + SKEW || exp < now - SKEW || exp - iat > LONGEST) {
    const text = 'Token must be a short-lived token (60 minutes) and in a reasonable timeframe.';
    throw refused('invalid_grant', `Invalid JWT: ${text} Check your iat and exp values in the JWT claim.`);
  }
  if (scope === undefined || !scope.split(' ').includes(SCOPE)) {
    throw refused('invalid_scope', 'Invalid OAuth scope or ID token audience provided.');
  }
  return iss;
}

function part(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
}

const refused = (error: string, text: string): Refusal => new Refusal(400, error, { error, error_description: text });
