import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { AUDIENCE, ISSUER } from '../../lib/local/account.ts';
import { type Knobs, type SampleAws, startSampleAws } from '../../lib/local/clouds/aws/sample-aws.ts';
import { settingsOf } from '../../lib/local/clouds/registered.ts';
import type { SampleCloud } from '../../lib/local/clouds/sample-cloud.ts';
import { synthesize } from '../../lib/local/template.ts';
import { signingSecret } from '../../lib/local/tokens.ts';
import { type Deployment, startDeployment } from '../support/deployment.ts';
import { startTableMeter, type TableMeter } from './table-meter.ts';

/** The twin of the stack next to a sample AWS, every call of its functions to the table metered. */
export interface MeteredTwin extends Deployment {
  readonly meter: TableMeter;
  /** Connects the main account of another sample that it was started with. */
  connectTo(sample: SampleCloud): Promise<number>;
}

/** A job as the bench looks at it. */
export interface SyncedJob {
  readonly status: string;
  readonly found: number;
  readonly created: number;
  readonly updated: number;
  readonly removed: number;
  readonly calls: number;
  /** From the request to the end of the job and everything behind it. */
  readonly milliseconds: number;
}

/** @param others whose calls go to their samples as well; who started those closes them. */
export async function startMeteredTwin(
  knobs: Partial<Knobs>,
  others: readonly SampleCloud[] = [],
): Promise<MeteredTwin> {
  const directory = mkdtempSync(join(tmpdir(), 'infraaudit-bench-'));
  const aws: SampleAws = await startSampleAws({ knobs });
  const meter = await startTableMeter();
  const template = synthesize({
    tokenIssuer: ISSUER,
    tokenAudience: AUDIENCE,
    tokenSecretArn: signingSecret(directory).arn,
    ...settingsOf([aws, ...others]),
  });
  const deployment = await startDeployment({ aws, twin: { directory, template: withTable(template, meter.url) } });
  meter.to(deployment.twin.endpoints.table.url);
  return {
    ...deployment,
    meter,
    async connectTo({ name, title, bodies }) {
      const answer = await deployment.call('POST', `/${name}/connect`, { body: { name: title, ...bodies.main } });
      if (answer.status !== 201) throw new Error(`connect answered ${answer.status}: ${answer.text}`);
      return z.object({ id: z.number() }).parse(answer.json).id;
    },
    async stop() {
      await deployment.stop();
      await Promise.all([meter.close(), aws.close()]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const templateSchema = z.looseObject({
  Resources: z.record(z.string(), z.looseObject({ Type: z.string(), Properties: z.looseObject({}).optional() })),
});
const lambdaProperties = z.looseObject({
  Environment: z.looseObject({ Variables: z.record(z.string(), z.unknown()) }).optional(),
});

/** The template with another table endpoint in each function's environment, which goes before the twin's own. */
function withTable(template: unknown, url: string): unknown {
  const parsed = templateSchema.parse(template);
  const resources = Object.entries(parsed.Resources).map(([id, resource]) => {
    if (resource.Type !== 'AWS::Lambda::Function') return [id, resource];
    const properties = lambdaProperties.parse(resource.Properties);
    const Variables = { ...properties.Environment?.Variables, AWS_ENDPOINT_URL_DYNAMODB: url };
    return [id, { ...resource, Properties: { ...properties, Environment: { Variables } } }];
  });
  return { ...parsed, Resources: Object.fromEntries(resources) };
}

const jobSchema = z.object({
  status: z.string(),
  resources: z.object({ found: z.number(), created: z.number(), updated: z.number(), removed: z.number() }),
  api_calls: z.number(),
});

/** Waits for the job that runs, or for one that it starts, to its end. @throws Error where it does not succeed. */
export async function sync(deployment: Deployment, provider: number, start = true): Promise<SyncedJob> {
  const began = performance.now();
  const started = start ? await deployment.call('POST', `/${provider}/sync`) : undefined;
  if (started !== undefined && started.status !== 202) throw new Error(`sync answered ${started.status}.`);
  await deployment.twin.idle();
  const milliseconds = performance.now() - began;
  const job = started === undefined ? 1 : z.object({ job_id: z.number() }).parse(started.json).job_id;
  const answer = await deployment.call('GET', `/${provider}/jobs/${job}`);
  if (answer.status !== 200) throw new Error(`The job answered ${answer.status}: ${answer.text}`);
  const { status, resources, api_calls } = jobSchema.parse(answer.json);
  if (status !== 'succeeded') throw new Error(`Job ${job} ended as ${status}: ${answer.text}`);
  return { status, ...resources, calls: api_calls, milliseconds };
}
