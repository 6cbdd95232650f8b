import * as z from 'zod';
import { CLOUD_DEFAULTS, type LinkValue, links } from '../functions/runtime/links.ts';

/** What a deployment may choose, as the stack uses it. README.md says what each is for. */
export interface DeploymentSettings {
  readonly stackName: string;
  readonly tokens: LinkValue<'tokens'>;
  readonly clouds: LinkValue<'clouds'>;
  /** Origins of web pages that may call the API from a browser; none: no CORS at all. */
  readonly allowedOrigins: readonly string[];
  /** Who is told of alarms, besides the topic. */
  readonly alarmEmail?: string | undefined;
  /** What seals customers' secrets: a KMS key of the stack, or `aws/secretsmanager`, which costs nothing. */
  readonly secretsKey: 'customer-managed' | 'aws-managed';
  /** Concurrent executions reserved for each function behind the API, which is also the most it may have. */
  readonly reservedConcurrency?: number | undefined;
  /** Required settings that nobody gave: such a stack can be synthesized with placeholders, but refuses deployment. */
  readonly missing: readonly string[];
}

/** A setting is missing or breaks a rule. The message names both, never the value. */
export class DeploymentSettingsError extends Error {
  override readonly name = 'DeploymentSettingsError';
}

/** `-c key=a,b` and a list in cdk.json alike. */
const list = <S extends z.ZodType>(item: S) =>
  z.preprocess(
    (value) => (typeof value === 'string' ? value.split(',').filter((part) => part !== '') : value),
    z.array(item),
  );
/** `-c key='[…]'` and JSON in cdk.json alike. */
const json = <S extends z.ZodType>(shape: S) =>
  z.preprocess((value) => (typeof value === 'string' ? parseJson(value) : value), shape);

const claim = z
  .string()
  .regex(/^[^\s.]+(\.[^\s.]+)*$|^https?:\/\/\S+$/, 'must be the name of a claim, or a path of names with dots between')
  // Users edit that part of their token by themselves, so neither role nor tenant may come from it.
  .refine((path) => !path.split('.').includes('user_metadata'), 'must not be user_metadata or anything below it');
const tokenText = z.string().min(1, 'must not be empty').max(255, 'must have 255 characters at most');

const schema = z.object({
  stackName: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/, 'must begin with a letter and hold up to 64 letters, digits and hyphens')
    .default('infraaudit-providers'),
  tokenIssuer: tokenText.optional(),
  tokenAudience: tokenText.optional(),
  tokenJwksUrl: z.url({ protocol: /^https$/, error: 'must be an https URL' }).optional(),
  tokenSecretArn: z
    .string()
    .regex(
      /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}$/,
      'must be the full ARN of a secret in Secrets Manager (never the secret itself)',
    )
    .optional(),
  tenantClaim: claim.default('sub'),
  roleClaim: claim.default('infraaudit_role'),
  defaultRole: z.enum(['admin', 'viewer'], 'must be admin or viewer').default('admin'),
  allowedOrigins: list(z.string().refine(isOrigin, 'must be an origin such as https://app.example.com')).default([]),
  alarmEmail: z.email('must be an e-mail address').optional(),
  secretsKey: z
    .enum(['customer-managed', 'aws-managed'], 'must be customer-managed or aws-managed')
    .default('customer-managed'),
  apiShare: z.coerce.number('must be a number').gt(0, 'must be above 0').max(1, 'must be 1 at most').default(0.5),
  regions: list(z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d+$/, 'must be regions such as eu-central-1')).default([]),
  awsEndpoints: json(links.clouds.shape.shape.awsEndpoints).default([]),
  endpoints: json(links.clouds.shape.shape.endpoints).default([]),
  privateEndpointCidrs: list(z.union([z.cidrv4(), z.cidrv6()], 'must be networks such as 10.0.0.0/8')).default([]),
  costCallsPerMonth: z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(0, 'must be 0 at least')
    .default(CLOUD_DEFAULTS.costBudget.calls),
  costGigabytesPerMonth: z.coerce
    .number('must be a number')
    .min(0, 'must be 0 at least')
    .default(CLOUD_DEFAULTS.costBudget.bytes / 1e9),
  reservedConcurrency: z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(1, 'must be 1 at least')
    .optional(),
});

/** With these a stack can be synthesized and looked at; nobody can sign a token for them. */
const PLACEHOLDERS = {
  tokenIssuer: 'https://issuer.example',
  tokenAudience: 'infraaudit',
  tokenJwksUrl: 'https://issuer.example/.well-known/jwks.json',
} as const;

/**
 * Reads a deployment's settings.
 * @param read gives a setting by its key as it was written, `undefined` where it was not: the CDK context.
 * @throws DeploymentSettingsError naming each key that breaks a rule, and the rule.
 */
export function deploymentSettings(read: (key: string) => unknown): DeploymentSettings {
  const given = Object.keys(schema.shape)
    .map((key): [string, unknown] => [key, read(key)])
    // `-c key=` takes a setting back.
    .filter(([, value]) => value !== undefined && value !== null && value !== '');
  const parsed = schema.safeParse(Object.fromEntries(given));
  if (!parsed.success) throw refused(parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`));
  const is = parsed.data;
  const { stackName, allowedOrigins, alarmEmail, secretsKey, reservedConcurrency } = is;
  const { apiShare, regions, awsEndpoints, endpoints, privateEndpointCidrs } = is;
  const costBudget = { calls: is.costCallsPerMonth, bytes: is.costGigabytesPerMonth * 1e9 };
  const { missing, ...token } = tokenSettings(is);
  return {
    stackName,
    tokens: { ...token, tenantClaim: is.tenantClaim, roleClaim: is.roleClaim, defaultRole: is.defaultRole },
    clouds: { apiShare, regions, awsEndpoints, endpoints, privateEndpointCidrs, costBudget },
    allowedOrigins,
    alarmEmail,
    secretsKey,
    reservedConcurrency,
    missing,
  };
}

/** None of them given is a look at the stack; some of them is a mistake. */
function tokenSettings({ tokenIssuer, tokenAudience, tokenJwksUrl, tokenSecretArn }: z.infer<typeof schema>) {
  const given = [tokenIssuer, tokenAudience, tokenJwksUrl, tokenSecretArn].some((value) => value !== undefined);
  if (!given) {
    const missing = ['tokenIssuer', 'tokenAudience', 'tokenJwksUrl or tokenSecretArn'];
    const { tokenIssuer: issuer, tokenAudience: audience, tokenJwksUrl: jwksUrl } = PLACEHOLDERS;
    return { issuer, audience, jwksUrl, missing };
  }
  if (tokenIssuer === undefined) throw refused(['tokenIssuer must be set']);
  if (tokenAudience === undefined) throw refused(['tokenAudience must be set']);
  const of = { issuer: tokenIssuer, audience: tokenAudience, missing: [] };
  if (tokenJwksUrl !== undefined && tokenSecretArn === undefined) return { ...of, jwksUrl: tokenJwksUrl };
  if (tokenSecretArn !== undefined && tokenJwksUrl === undefined) return { ...of, secretArn: tokenSecretArn };
  throw refused(['tokenJwksUrl or tokenSecretArn must be set, and not both']);
}

function refused(rules: readonly string[]): DeploymentSettingsError {
  return new DeploymentSettingsError(`Deployment settings are not valid: ${rules.join('; ')}.`);
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}

/** What is not JSON fails the shape it was meant to have. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
