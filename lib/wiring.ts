import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Capability, GrantTarget } from '../functions/runtime/capabilities.ts';
import type { LinkName } from '../functions/runtime/links.ts';
import { environmentOf } from '../functions/runtime/settings.ts';
import { type Data, DUE_INDEX } from './data.ts';
import type { DeploymentSettings } from './deployment-settings.ts';
import type { Queues } from './queues.ts';

/** What functions may be given access to. */
export interface Resources {
  readonly settings: DeploymentSettings;
  readonly data: Data;
  readonly queues: Queues;
}

/** What of the resources is a function's own. */
export interface Owned {
  /** The cloud it is made for; absent: it serves all. */
  readonly cloud?: string | undefined;
  /** The cloud whose customers' secrets it may open or create. */
  readonly secretsOf?: string | undefined;
  /** The queue that starts it. */
  readonly source?: Queue | undefined;
}

type Of<T> = (resources: Resources, owned: Owned) => T;

/** Link -> what it is in this deployment. */
const environments: Readonly<Record<LinkName, Of<Record<string, string>>>> = {
  table: ({ data }) => environmentOf('table', data.table.tableName),
  requests: ({ queues }) => environmentOf('requests', queues.requests.queueUrl),
  tasks: (resources, owned) =>
    environmentOf(
      'tasks',
      Object.fromEntries(tasksOf(resources, owned).map(([cloud, queue]) => [cloud, queue.queueUrl])),
    ),
  deadLetters: ({ queues }) => environmentOf('deadLetters', queues.deadLetters.queueUrl),
  source: (_, owned) => environmentOf('source', sourceOf(owned).queueUrl),
  secrets: ({ data }) =>
    environmentOf('secrets', {
      prefix: secretsPrefix(data),
      ...(data.secretsKey === undefined ? {} : { keyId: data.secretsKey.keyArn }),
    }),
  events: ({ data }) => environmentOf('events', data.eventBus.eventBusName),
  audit: ({ data }) => environmentOf('audit', data.auditLog.logGroupName),
  tokens: ({ settings }) => environmentOf('tokens', settings.tokens),
  clouds: ({ settings }) => environmentOf('clouds', settings.clouds),
};

/** Target of a grant -> its ARNs in this deployment. None: there is nothing to grant. */
const targets: Readonly<Record<GrantTarget, Of<readonly string[]>>> = {
  table: ({ data }) => [data.table.tableArn],
  requests: ({ queues }) => [queues.requests.queueArn],
  tasks: (resources, owned) => tasksOf(resources, owned).map(([, queue]) => queue.queueArn),
  deadLetters: ({ queues }) => [queues.deadLetters.queueArn],
  source: (_, owned) => [sourceOf(owned).queueArn],
  cloudSecrets: ({ data }, { secretsOf }) => {
    if (secretsOf === undefined) throw new TypeError('A function that handles secrets must say of which cloud.');
    return [secretsArn(data, `${secretsOf}/*`)];
  },
  // A function made for one cloud never reaches beyond it, whatever it does there.
  allSecrets: ({ data }, { cloud }) => [secretsArn(data, cloud === undefined ? '*' : `${cloud}/*`)],
  eventBus: ({ data }) => [data.eventBus.eventBusArn],
  // AWS's guide wants the ARN with `:*` behind it; its authorization reference, and emulators after it, the one without.
  auditLog: ({ data }) => [data.auditLog.logGroupArn, bareArn(data)],
  tokenSecret: ({ settings }) => (settings.tokens.secretArn === undefined ? [] : [settings.tokens.secretArn]),
};

/** The environment that a capability brings. */
export function environmentFor({ links }: Capability, resources: Resources, owned: Owned): Record<string, string> {
  return Object.assign({}, ...links.map((link) => environments[link](resources, owned)));
}

/** The exact actions on the exact ARNs that a capability brings. */
export function grantsFor({ grants }: Capability, resources: Resources, owned: Owned) {
  return grants
    .map(({ on, actions }) => ({ actions, arns: targets[on](resources, owned) }))
    .filter(({ arns }) => arns.length > 0);
}

/** The index that the tick reads, and nobody else. */
export function dueIndexArn({ data }: Resources): string {
  return `${data.table.tableArn}/index/${DUE_INDEX}`;
}

function tasksOf({ queues }: Resources, { cloud }: Owned): readonly (readonly [string, Queue])[] {
  return Object.entries(queues.tasks).filter(([name]) => cloud === undefined || name === cloud);
}

function sourceOf({ source }: Owned): Queue {
  if (source === undefined) throw new TypeError('A function that no queue starts cannot leave messages in it.');
  return source;
}

/** Secrets are named `<stack>/<cloud>/<random>`, so that two stacks in one account never meet. */
function secretsPrefix(data: Data): string {
  return Stack.of(data).stackName;
}

function secretsArn(data: Data, names: string): string {
  return Stack.of(data).formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: `${secretsPrefix(data)}/${names}`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

function bareArn({ auditLog }: Data): string {
  return auditLog.stack.formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: auditLog.logGroupName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
