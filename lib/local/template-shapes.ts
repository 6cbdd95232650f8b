import * as z from 'zod';

// What the twin reads of each resource type. A property that is not named here makes no difference locally.

const throttleSchema = z.object({
  ThrottlingRateLimit: z.number().optional(),
  ThrottlingBurstLimit: z.number().optional(),
});
const keySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));
const redriveSchema = z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number().int() });

export const functionProperties = z.object({
  Handler: z.string(),
  Timeout: z.number().default(3),
  MemorySize: z.number().default(128),
  Environment: z.object({ Variables: z.record(z.string(), z.string()) }).optional(),
  LoggingConfig: z.object({ LogGroup: z.string().optional() }).optional(),
});
export const functionMetadata = z.object({ 'infraaudit:entry': z.string(), 'infraaudit:name': z.string() });

export const queueProperties = z.object({
  VisibilityTimeout: z.number().default(30),
  DelaySeconds: z.number().default(0),
  MessageRetentionPeriod: z.number().default(345_600),
  MaximumMessageSize: z.number().default(1_048_576),
  RedrivePolicy: redriveSchema.optional(),
});

export const sourceProperties = z.object({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  // More than 10 needs a batching window, which the twin does not have.
  BatchSize: z.number().max(10).default(10),
  Enabled: z.boolean().default(true),
  ScalingConfig: z.object({ MaximumConcurrency: z.number() }).optional(),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  FilterCriteria: z.never().optional(),
  MaximumBatchingWindowInSeconds: z.literal(0).optional(),
});

export const tableProperties = z.object({
  AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) })),
  KeySchema: keySchema,
  GlobalSecondaryIndexes: z
    .array(
      z.object({
        IndexName: z.string(),
        KeySchema: keySchema,
        Projection: z.object({
          ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
          NonKeyAttributes: z.array(z.string()).optional(),
        }),
      }),
    )
    .optional(),
});

export const routeProperties = z.object({ RouteKey: z.string(), Target: z.string() });
export const integrationProperties = z.object({
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.literal('2.0'),
  TimeoutInMillis: z.number().default(30_000),
});
export const stageProperties = z.object({
  StageName: z.literal('$default'),
  DefaultRouteSettings: throttleSchema.default({}),
  RouteSettings: z.record(z.string(), throttleSchema).default({}),
});
/** Credentials and wildcards are no part of our stack, so the twin does not know them. */
const corsSchema = z.strictObject({
  AllowOrigins: z.array(z.url()),
  AllowMethods: z.array(z.string()).optional(),
  AllowHeaders: z.array(z.string()).optional(),
  ExposeHeaders: z.array(z.string()).optional(),
  MaxAge: z.number().optional(),
});
export const apiProperties = z.object({ ProtocolType: z.literal('HTTP'), CorsConfiguration: corsSchema.optional() });
export const ruleProperties = z.object({
  ScheduleExpression: z.string().optional(),
  Targets: z.array(z.object({ Arn: z.string(), Input: z.string().optional() })).default([]),
});
export const schedulerProperties = z.object({
  ScheduleExpression: z.string(),
  Target: z.object({ Arn: z.string(), Input: z.string().optional() }),
});
