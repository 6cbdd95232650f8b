import * as z from 'zod';

/**
 * Every value that infrastructure hands to code: what it is called in the environment, and its shape. The stack fills
 * them in and `settings.ts` reads them; no variable's name stands anywhere else. A value that is not text is JSON.
 */
export const links = {
  /** The DynamoDB table's name. */
  table: { env: 'TABLE_NAME', shape: z.string().min(1) },
  /** URL of the queue that asks for a sync to be planned. */
  requests: { env: 'REQUEST_QUEUE_URL', shape: z.string().min(1) },
  /** URLs of the task queues this function may send to, by cloud. */
  tasks: { env: 'TASK_QUEUE_URLS', shape: z.record(z.string(), z.string().min(1)) },
  /** URL of the queue that nobody consumes and an alarm watches. */
  deadLetters: { env: 'DEAD_LETTERS_QUEUE_URL', shape: z.string().min(1) },
  /** URL of the queue that starts this function: it sets the visibility of messages it leaves there. */
  source: { env: 'SOURCE_QUEUE_URL', shape: z.string().min(1) },
  /** Where customers' secrets live in Secrets Manager, and the KMS key that seals them (absent: the AWS-managed one). */
  secrets: {
    env: 'CUSTOMER_SECRETS',
    shape: z.object({ prefix: z.string().min(1), keyId: z.string().optional() }),
  },
  /** The EventBridge bus that events go to. */
  events: { env: 'EVENT_BUS_NAME', shape: z.string().min(1) },
  /** The log group that audit lines go to. */
  audit: { env: 'AUDIT_LOG_GROUP', shape: z.string().min(1) },
  /** How tokens are checked; see `deploymentSettings` for what each field means. */
  tokens: {
    env: 'TOKEN_SETTINGS',
    shape: z.object({
      issuer: z.string().min(1),
      audience: z.string().min(1),
      jwksUrl: z.string().optional(),
      secretArn: z.string().optional(),
      tenantClaim: z.string().min(1),
      roleClaim: z.string().min(1),
      defaultRole: z.enum(['admin', 'viewer']),
    }),
  },
  /** What a customer's cloud is called by, where it is not the real one, and how much of its quota we take. */
  clouds: {
    env: 'CLOUD_SETTINGS',
    shape: z.object({
      /** Share of a documented quota that collectors may use, above 0 and up to 1. */
      apiShare: z.number().gt(0).max(1),
      /** Regions to scan where the account does not let us ask; empty: the default-enabled ones. */
      regions: z.array(z.string()),
      /** First match wins. Without `accessKeyIds` it matches every key; without any match the real endpoint is used. */
      awsEndpoints: z.array(z.object({ accessKeyIds: z.array(z.string()).optional(), url: z.string() })),
      /**
       * Hosts of the other clouds (`cloudasset.googleapis.com`, a cluster's) that are called elsewhere: only the name and
       * port of the host are replaced by the URL, whose path goes in front of the call's. `ca` (PEM) is trusted there.
       */
      endpoints: z.array(z.object({ host: z.string(), url: z.string(), ca: z.string().optional() })),
      /** Private networks in which a cluster's API server may be; loopback, link-local and metadata never are. */
      privateEndpointCidrs: z.array(z.string()),
      /** The most that reading costs may take of one provider in a calendar month (UTC). */
      costBudget: z.object({
        /** Calls that are charged each, as Cost Explorer's. */
        calls: z.int().nonnegative(),
        /** Bytes billed, as BigQuery's. */
        bytes: z.number().nonnegative(),
      }),
    }),
  },
} as const satisfies Record<string, { env: string; shape: z.ZodType }>;

/** How customers' clouds are called where a deployment says nothing else. */
export const CLOUD_DEFAULTS: z.infer<typeof links.clouds.shape> = {
  apiShare: 0.5,
  regions: [],
  awsEndpoints: [],
  endpoints: [],
  privateEndpointCidrs: [],
  costBudget: { calls: 200, bytes: 100e9 },
};

export type LinkName = keyof typeof links;
export type LinkValue<N extends LinkName> = z.infer<(typeof links)[N]['shape']>;
