import { hash, type webcrypto } from 'node:crypto';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createRemoteJWKSet, customFetch, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { hashTenant } from '../../domain/keys.ts';
import type { LinkValue } from '../../runtime/links.ts';
import { setting } from '../../runtime/settings.ts';
import { Problem } from './problems.ts';

/** Who is calling, by a token that holds. */
export interface Caller {
  readonly tenant: string;
  /** As keys and messages name the tenant. */
  readonly tenantHash: string;
  /** The token's `sub`. */
  readonly actor: string;
  readonly role: 'admin' | 'viewer';
}

type TokenSettings = LinkValue<'tokens'>;

/** Clocks may differ by this many seconds. */
const SKEW_SECONDS = 60;
const JWKS_TIMEOUT_MS = 3000;
/** How long fetched keys are used, and the least time between two fetches for a key that is not among them. */
const JWKS_MAX_AGE_MS = 600_000;
const JWKS_COOLDOWN_MS = 30_000;
/** After a failed fetch of the keys, how long no other is tried. */
const JWKS_FAILURE_MS = 5000;
/** RFC 7518, 3.2: a key of the hash's size at least. */
const LEAST_SECRET_BYTES = 32;
const LONGEST_CLAIM = 255;

const unauthorized = (): Problem => new Problem(401, 'UNAUTHORIZED', 'A valid bearer token is required.');
const keysUnavailable = (): Problem =>
  new Problem(503, 'TOKEN_KEYS_UNAVAILABLE', 'Tokens cannot be checked right now.', { retryAfter: 10 });

interface Verifier {
  readonly settings: TokenSettings;
  readonly algorithms: string[];
  readonly key: JWTVerifyGetKey;
}
let verifier: Promise<Verifier> | undefined;

/**
 * Checks the `Authorization` header before anything else of a request is looked at.
 * @throws Problem 401 for any token that does not hold, 403 for a role nobody knows, 503 when the keys are not to be had.
 */
export async function authenticate(header: string | undefined): Promise<Caller> {
  const token = /^Bearer ([A-Za-z0-9._-]{1,8192})$/i.exec(header ?? '')?.[1];
  if (token === undefined) throw unauthorized();
  verifier ??= makeVerifier(setting('tokens'));
  const known = await verifier.catch((error: unknown) => {
    verifier = undefined;
    throw error;
  });
  const { settings } = known;
  const payload = await checked(known, token);
  const tenant = nameClaim(claimAt(payload, settings.tenantClaim));
  const actor = nameClaim(payload.sub);
  return { tenant, tenantHash: hashTenant(settings.issuer, tenant), actor, role: roleOf(payload, settings) };
}

/** How long a token that held is taken without another look at its signature. */
const HELD_MS = 60_000;
const MOST_HELD = 100;
/** Tokens that held, by their hash: who pages through a list sends the same one again and again. */
const held = new Map<string, { readonly at: number; readonly payload: JWTPayload }>();

async function checked({ settings, algorithms, key }: Verifier, token: string): Promise<JWTPayload> {
  const digest = hash('sha256', token, 'base64url');
  const before = held.get(digest);
  const now = Date.now();
  if (before !== undefined) {
    const expired = ((before.payload.exp ?? 0) + SKEW_SECONDS) * 1000 <= now;
    if (now - before.at < HELD_MS && !expired) return before.payload;
    held.delete(digest);
  }
  const { payload } = await jwtVerify(token, key, {
    algorithms,
    issuer: settings.issuer,
    audience: settings.audience,
    clockTolerance: SKEW_SECONDS,
    requiredClaims: ['exp', 'sub'],
  }).catch((error: unknown) => {
    throw error instanceof Problem ? error : unauthorized();
  });
  const [oldest] = held.keys();
  if (held.size >= MOST_HELD && oldest !== undefined) held.delete(oldest);
  held.set(digest, { at: now, payload });
  return payload;
}

/** The algorithm is pinned by the kind of key: a public key's PEM is never taken for a shared secret. */
async function makeVerifier(settings: TokenSettings): Promise<Verifier> {
  if (settings.jwksUrl !== undefined) {
    return { settings, algorithms: ['ES256', 'RS256'], key: remoteKeys(new URL(settings.jwksUrl)) };
  }
  const secret = await sharedSecret(settings.secretArn);
  return {
    settings,
    algorithms: ['HS256'],
    key: (header) => {
      refuseKeyHeaders(header);
      return secret;
    },
  };
}

function remoteKeys(url: URL): JWTVerifyGetKey {
  let failedAt = 0;
  const keys = createRemoteJWKSet(url, {
    timeoutDuration: JWKS_TIMEOUT_MS,
    cooldownDuration: JWKS_COOLDOWN_MS,
    cacheMaxAge: JWKS_MAX_AGE_MS,
    [customFetch]: async (to, options) => {
      if (Date.now() - failedAt < JWKS_FAILURE_MS) throw keysUnavailable();
      const answer = await fetch(to, options).catch(() => undefined);
      if (answer?.status === 200) return answer;
      failedAt = Date.now();
      throw keysUnavailable();
    },
  });
  return async (header, token) => {
    refuseKeyHeaders(header);
    try {
      return await keys(header, token);
    } catch (error) {
      const noSuchKey =
        error instanceof errors.JWKSNoMatchingKey ||
        error instanceof errors.JWKSMultipleMatchingKeys ||
        error instanceof errors.JOSENotSupported;
      throw noSuchKey ? unauthorized() : keysUnavailable();
    }
  };
}

/** A token that brings its own key, or says where to fetch one, is not looked at further. */
function refuseKeyHeaders(header: object): void {
  if (['jku', 'jwk', 'x5u', 'x5c'].some((name) => name in header)) throw unauthorized();
}

/** As a key: from its bytes, each check would make one anew. */
async function sharedSecret(arn: string | undefined): Promise<webcrypto.CryptoKey> {
  const answer = await new SecretsManagerClient({}).send(new GetSecretValueCommand({ SecretId: arn }));
  const secret = new TextEncoder().encode(answer.SecretString ?? '');
  if (secret.byteLength < LEAST_SECRET_BYTES) throw new TypeError('The secret that signs tokens is too short.');
  return crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
}

/** The claim at a dotted path, or at a claim of that very name. */
function claimAt(payload: JWTPayload, path: string): unknown {
  if (Object.hasOwn(payload, path)) return payload[path];
  let value: unknown = payload;
  for (const part of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = new Map<string, unknown>(Object.entries(value)).get(part);
  }
  return value;
}

function nameClaim(value: unknown): string {
  if (typeof value !== 'string' || value.length === 0 || value.length > LONGEST_CLAIM) throw unauthorized();
  return value;
}

function roleOf(payload: JWTPayload, settings: TokenSettings): Caller['role'] {
  const role = claimAt(payload, settings.roleClaim) ?? settings.defaultRole;
  if (role === 'admin' || role === 'viewer') return role;
  throw new Problem(403, 'FORBIDDEN', 'The token has a role that is not known here.');
}
