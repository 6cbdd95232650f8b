import { DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import type { Failure, Scopes } from '../../domain/cloud.ts';
import type { Secret } from '../../runtime/secret.ts';
import { clientConfig, makeHandler } from './clients.ts';
import { type AwsCredentials, decode } from './credentials.ts';
import { classify } from './outcomes.ts';
import { DEFAULT_REGIONS, REGIONS_PERMISSION } from './regions.ts';

const LIMITS = { connect: 2000, request: 10_000, attempts: 3 } as const;
const answerSchema = z.object({ Regions: z.array(z.object({ RegionName: z.string().min(1) })).min(1) });

/** The regions enabled for the account; where it will not say, the deployment's or the default-enabled ones. */
export async function scopes(credentials: Secret<AwsCredentials>, defaults: readonly string[]): Promise<Scopes> {
  const { region } = credentials.reveal();
  const handler = makeHandler(LIMITS);
  try {
    const client = new EC2Client(clientConfig(credentials, region, handler, LIMITS.attempts));
    const said = await client.send(new DescribeRegionsCommand({ AllRegions: false }));
    const answer = answerSchema.parse(said);
    const regions = answer.Regions.map((one) => one.RegionName);
    return { ...scopesIn(regions), primary: region, calls: { 'ec2 DescribeRegions ok': said.$metadata.attempts ?? 1 } };
  } catch (error) {
    const failure = classify(error, { permissions: [REGIONS_PERMISSION] });
    const otherwise = scopesIn([...(defaults.length > 0 ? defaults : DEFAULT_REGIONS), region]);
    return { ...otherwise, primary: region, failure, calls: { [`ec2 DescribeRegions ${failure.outcome}`]: 1 } };
  } finally {
    handler.destroy();
  }
}

/** The same from the stored secret, for whoever plans a sync. */
export async function awsScopesOf(
  secret: () => Promise<Secret<string> | undefined>,
  defaults: readonly string[],
): Promise<Scopes> {
  const text = await secret();
  const failure = (code: string): Failure => ({ outcome: 'failed', code, retryable: false });
  const otherwise = scopesIn(defaults.length > 0 ? defaults : DEFAULT_REGIONS);
  if (text === undefined) return { ...otherwise, failure: failure('CREDENTIALS_MISSING') };
  try {
    return await scopes(decode(text), defaults);
  } catch {
    return { ...otherwise, failure: failure('CREDENTIALS_UNREADABLE') };
  }
}

/** By kind: called once, in each region, or both (AWS WAF keeps what protects CloudFront apart). */
function scopesIn(regions: readonly string[]): Scopes {
  const sorted = [...new Set(regions)].sort();
  return { byKind: { everywhere: ['global', ...sorted], global: ['global'], region: sorted } };
}
