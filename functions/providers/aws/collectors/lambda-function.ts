import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { awsCollector, fields } from '../collector.ts';

export const facts = {
  name: 'lambda_function',
  service: 'lambda',
  scope: 'region',
  types: ['lambda_function'],
  permissions: ['lambda:ListFunctions'],
} as const satisfies CollectorFacts;

/** Lambda answers 50 a page at most. Environment values are not named here, so they never get further. */
const PAGE = 50;

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    FunctionArn: z.string(),
    FunctionName: z.string(),
    Runtime: z.string().optional(),
    Handler: z.string().optional(),
    Role: z.string().optional(),
    CodeSize: z.number().optional(),
    MemorySize: z.number().optional(),
    Timeout: z.number().optional(),
    PackageType: z.string().optional(),
    Architectures: z.array(z.string()).optional(),
    State: z.string().optional(),
    LastModified: z.string().optional(),
    KMSKeyArn: z.string().optional(),
    VpcConfig: z.object({ VpcId: z.string().optional() }).optional(),
    TracingConfig: z.object({ Mode: z.string().optional() }).optional(),
  }),
  async page(aws, token) {
    const answer = await aws.client(LambdaClient).send(new ListFunctionsCommand({ MaxItems: PAGE, Marker: token }));
    return { items: answer.Functions, next: answer.NextMarker };
  },
  toResource: (item, { region }) => ({
    external_id: item.FunctionArn,
    name: item.FunctionName,
    region,
    // The list leaves the state out; a function that it names exists.
    status: (item.State ?? 'active').toLowerCase(),
    tags: {},
    configuration: fields({
      runtime: item.Runtime,
      handler: item.Handler,
      role: item.Role,
      architectures: item.Architectures,
      package_type: item.PackageType,
      memory_mb: item.MemorySize,
      timeout_seconds: item.Timeout,
      code_bytes: item.CodeSize,
      last_modified: item.LastModified,
      environment_kms_key: item.KMSKeyArn,
      vpc: item.VpcConfig?.VpcId || undefined,
      tracing: item.TracingConfig?.Mode,
      public: 'unknown',
      public_reason: 'the list of functions does not hold their policies and URLs',
    }),
  }),
}));
