import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { AUDIENCE, arnOfSecret, ISSUER } from './account.ts';
import { SecretFiles } from './secret-files.ts';

/** The name under which the twin's Secrets Manager holds the secret that signs tokens. */
const SIGNING_SECRET = 'local/token-signing';

/** What a token says; any further claim is taken over as it stands, also over what would be there by itself. */
export interface TokenClaims {
  /** The tenant: the `sub` claim. */
  readonly tenant?: string;
  /** The role: the `infraaudit_role` claim. Without it the deployment's default applies. */
  readonly role?: string;
  readonly [claim: string]: unknown;
}

/** Where secrets lie under a state directory. */
export const secretsFolder = (directory: string): string => join(directory, 'secrets');

/** The ARN of the secret that signs tokens; it is made (48 random bytes) where there is none yet. */
export function signingSecret(directory: string): { readonly arn: string; readonly value: string } {
  const files = new SecretFiles(secretsFolder(directory));
  const stored = files.find(SIGNING_SECRET);
  if (stored !== undefined && 'SecretString' in stored.value)
    return { arn: stored.arn, value: stored.value.SecretString };
  const value = randomBytes(48).toString('base64url');
  const arn = arnOfSecret(SIGNING_SECRET);
  files.write({
    schema: 1,
    name: SIGNING_SECRET,
    arn,
    versionId: randomUUID(),
    createdAt: Date.now() / 1000,
    value: { SecretString: value },
    tags: {},
  });
  return { arn, value };
}

/**
 * A token that the twin with this state directory accepts, HS256, valid for a day: it is for a laptop.
 * @param directory the twin's state directory; it need not run.
 */
export function signToken(directory: string, claims: TokenClaims = {}): Promise<string> {
  const { tenant = 'local', role, ...rest } = claims;
  const now = Math.floor(Date.now() / 1000);
  const own = { iss: ISSUER, aud: AUDIENCE, sub: tenant, iat: now, exp: now + 86_400 };
  return new SignJWT({ ...own, ...(role === undefined ? {} : { infraaudit_role: role }), ...rest })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(new TextEncoder().encode(signingSecret(directory).value));
}
