import type { LinkName } from './links.ts';

/** Something a function may be allowed to use. The stack names its ARNs; see `lib/service-function.ts`. */
export type GrantTarget =
  | 'table'
  | 'requests'
  | 'tasks'
  | 'deadLetters'
  /** The queue that starts the function itself. */
  | 'source'
  /** Customers' secrets of the function's own cloud only. */
  | 'cloudSecrets'
  /** Customers' secrets of every cloud. */
  | 'allSecrets'
  | 'auditLog'
  | 'eventBus'
  /** The secret that signs tokens, where the deployment has one. */
  | 'tokenSecret';

/** What a function declares in its registry (`needs`) to be given: environment, and the exact grants. */
export interface Capability {
  readonly links: readonly LinkName[];
  readonly grants: readonly { readonly on: GrantTarget; readonly actions: readonly string[] }[];
  /** Whether it makes or opens sealed secrets, and so needs these of the KMS key, through Secrets Manager only. */
  readonly kms?: readonly ('kms:Decrypt' | 'kms:GenerateDataKey')[];
}

const READ = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'] as const;

/** Capability -> environment + grant: the one table that both the stack and the handlers import. */
export const capabilities = {
  readTable: { links: ['table'], grants: [{ on: 'table', actions: READ }] },
  writeTable: {
    links: ['table'],
    grants: [{ on: 'table', actions: [...READ, 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'] }],
  },
  requestSync: { links: ['requests'], grants: [{ on: 'requests', actions: ['sqs:SendMessage'] }] },
  sendTasks: { links: ['tasks'], grants: [{ on: 'tasks', actions: ['sqs:SendMessage'] }] },
  parkDeadLetters: { links: ['deadLetters'], grants: [{ on: 'deadLetters', actions: ['sqs:SendMessage'] }] },
  delayMessages: { links: ['source'], grants: [{ on: 'source', actions: ['sqs:ChangeMessageVisibility'] }] },
  createSecrets: {
    links: ['secrets'],
    grants: [{ on: 'cloudSecrets', actions: ['secretsmanager:CreateSecret', 'secretsmanager:TagResource'] }],
    kms: ['kms:GenerateDataKey', 'kms:Decrypt'],
  },
  readSecrets: {
    links: ['secrets'],
    grants: [{ on: 'cloudSecrets', actions: ['secretsmanager:GetSecretValue'] }],
    kms: ['kms:Decrypt'],
  },
  deleteSecrets: { links: ['secrets'], grants: [{ on: 'allSecrets', actions: ['secretsmanager:DeleteSecret'] }] },
  publishEvents: { links: ['events'], grants: [{ on: 'eventBus', actions: ['events:PutEvents'] }] },
  writeAudit: {
    links: ['audit'],
    grants: [{ on: 'auditLog', actions: ['logs:CreateLogStream', 'logs:PutLogEvents'] }],
  },
  checkTokens: {
    links: ['tokens'],
    grants: [{ on: 'tokenSecret', actions: ['secretsmanager:GetSecretValue'] }],
  },
  callClouds: { links: ['clouds'], grants: [] },
  /** Calls nobody: it shows the budget that reading costs has. */
  readCostBudget: { links: ['clouds'], grants: [] },
} as const satisfies Record<string, Capability>;

export type CapabilityName = keyof typeof capabilities;
/** The links that a set of capabilities brings with it. */
export type LinksOf<N extends CapabilityName> = (typeof capabilities)[N]['links'][number];
