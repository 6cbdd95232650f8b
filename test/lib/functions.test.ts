import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DUE_INDEX as INDEX_OF_THE_ADAPTER } from '../../functions/adapters/dynamodb-table.ts';
import { type Route, routes } from '../../functions/http/routes.ts';
import { clouds } from '../../functions/providers/registered.ts';
import { type Capability, type CapabilityName, capabilities } from '../../functions/runtime/capabilities.ts';
import { links } from '../../functions/runtime/links.ts';
import { type Stage, stages } from '../../functions/sync/stages.ts';
import { DUE_INDEX } from '../../lib/data.ts';
import { STACK, synthesized } from './synthesized.ts';

const names = Object.keys(clouds);
const registeredRoutes: readonly Route[] = Object.values(routes);
const registeredStages: readonly Stage[] = Object.values(stages);

interface Expected {
  readonly name: string;
  readonly entry: string;
  readonly needs: readonly CapabilityName[];
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly cloud?: string | undefined;
  readonly secretsOf?: string | undefined;
  readonly stage?: Stage;
}

/** What the two registries say there must be. */
const expected: readonly Expected[] = [
  ...registeredRoutes.flatMap((route) =>
    perCloud(route.path.includes('{cloud}'), route.file, 'http').map((one) => ({ ...route, ...one, memoryMb: 512 })),
  ),
  ...registeredStages.flatMap((stage) =>
    perCloud(stage.perCloud === true, stage.file, 'sync').map((one) => ({
      ...stage,
      ...one,
      secretsOf: one.cloud ?? stage.cloud,
      stage,
    })),
  ),
];

function perCloud(each: boolean, file: string, folder: string) {
  return each
    ? names.map((cloud) => ({
        name: `${file}-${cloud}`,
        entry: `functions/providers/${cloud}/${file}.lambda.ts`,
        cloud,
        secretsOf: cloud,
      }))
    : [{ name: file, entry: `functions/${folder}/${file}.ts`, cloud: undefined, secretsOf: undefined }];
}

const template = synthesized();
const one = (name: string) => {
  const found = template.functions.get(name);
  if (found === undefined) throw new Error(`There is no function ${name}.`);
  return found;
};
const actionsOf = (name: string) => template.statements(one(name).role).flatMap(({ Action }) => Action);
const secretArn = (names: string) => `arn:aws:secretsmanager:eu-central-1:111111111111:secret:${STACK}/${names}`;

test('there is one function for each route and stage, or for each cloud of it, and no other but the guard', () => {
  // The guard is no part of the service: CloudFormation calls it.
  const names = [...expected.map(({ name }) => name), 'guard-tokens'];
  expect([...template.functions.keys()].sort()).toEqual(names.sort());
  for (const { name, entry } of expected) {
    expect(one(name).entry).toBe(entry);
    expect(existsSync(entry), entry).toBe(true);
  }
});

test.each(expected)('$name runs on Node 24 and arm64 with the limits its registry states', (wanted) => {
  const { properties } = one(wanted.name);
  expect(properties).toMatchObject({
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    Handler: 'index.handler',
    Timeout: wanted.timeoutSeconds,
    MemorySize: wanted.memoryMb,
  });
  expect(properties).not.toHaveProperty('ReservedConcurrentExecutions');
});

test.each(expected)('$name finds in its environment what it needs and nothing more', ({ name, needs }) => {
  const wanted = needs.flatMap((need) => capabilities[need].links.map((link) => links[link].env));
  expect(Object.keys(one(name).environment).sort()).toEqual([...new Set(wanted)].sort());
});

test.each(expected)('$name can read its environment by the shapes of its links', ({ name, needs }) => {
  for (const link of needs.flatMap((need) => capabilities[need].links)) {
    const text = one(name).environment[links[link].env] ?? '';
    expect(links[link].shape.safeParse(text.startsWith('{') ? JSON.parse(text) : text).success, link).toBe(true);
  }
});

test.each(expected)('$name may do what it needs and nothing more', ({ name, needs, cloud, secretsOf, stage }) => {
  const queue = (path: string) => template.arn(`Queues/${path}`);
  const source =
    stage === undefined || 'everyMinutes' in stage.source
      ? undefined
      : { requests: 'requests', tasks: `tasks-${cloud}`, failedTasks: 'failed-tasks' }[stage.source.queue];
  const arns = {
    table: [template.arn('Data/Table')],
    requests: [queue('requests')],
    tasks: (cloud === undefined ? names : [cloud]).map((each) => queue(`tasks-${each}`)),
    deadLetters: [queue('dead-letters')],
    source: source === undefined ? [] : [queue(source)],
    cloudSecrets: [secretArn(`${secretsOf}/*`)],
    allSecrets: [secretArn(cloud === undefined ? '*' : `${cloud}/*`)],
    eventBus: [template.arn('Data/Events')],
    auditLog: [template.arn('Data/AuditLog'), template.arn('Data/AuditLog').replace(/:\*$/, '')],
    tokenSecret: [],
  };
  const kind = stage === undefined ? 'Api' : 'Sync';
  const capable = needs.map((need): Capability => capabilities[need]);
  const wanted = [
    ...pairs(['logs:CreateLogStream', 'logs:PutLogEvents'], [template.arn(`${kind}/${name}/Log`)]),
    ...capable.flatMap(({ grants }) => grants.flatMap(({ on, actions }) => pairs(actions, arns[on]))),
    ...capable.flatMap(({ kms = [] }) => pairs(kms, [template.arn('Data/SecretsKey')])),
    ...pairs(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], arns.source),
    ...pairs(name === 'schedule-syncs' ? ['dynamodb:Query'] : [], [`${arns.table}/index/${DUE_INDEX}`]),
  ];
  const given = template.statements(one(name).role).flatMap(({ Action, Resource }) => pairs(Action, Resource));
  expect([...new Set(given)].sort()).toEqual([...new Set(wanted)].sort());
});

function pairs(actions: readonly string[], arns: readonly string[]): readonly string[] {
  return actions.flatMap((action) => arns.map((arn) => `${action} on ${arn}`));
}

test('no role is shared, none has a managed policy, and only Lambda can take one', () => {
  expect(new Set([...template.functions.values()].map(({ role }) => role)).size).toBe(template.functions.size);
  const roles = template.all('AWS::IAM::Role');
  expect(roles).toHaveLength(template.functions.size);
  for (const { Properties } of roles) {
    expect(Object.keys(Properties)).toEqual(['AssumeRolePolicyDocument']);
    expect(JSON.stringify(Properties)).toContain('"Service":"lambda.amazonaws.com"');
  }
});

test('no statement allows a wildcard action, and none a whole resource type', () => {
  for (const { role } of template.functions.values()) {
    for (const { Effect, Action, Resource } of template.statements(role)) {
      expect(Effect).toBe('Allow');
      expect(Action.filter((action) => action.includes('*'))).toEqual([]);
      expect(
        Resource.filter(
          (arn) => /[:/]\*$/.test(arn) && !arn.includes(`:secret:${STACK}/`) && !arn.includes(':log-group:'),
        ),
      ).toEqual([]);
    }
  }
});

test('a function that only reads has no action on secrets, keys or queues, and cannot write the table', () => {
  const readers = registeredRoutes.filter(({ method }) => method === 'GET');
  expect(readers.length).toBeGreaterThan(0);
  for (const { file: name, needs } of readers) {
    expect(
      actionsOf(name).filter((action) => /^(secretsmanager|kms|sqs):/.test(action)),
      name,
    ).toEqual([]);
    expect(
      actionsOf(name).filter((action) => action.startsWith('dynamodb:')),
      name,
    ).toEqual(needs.includes('readTable') ? ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'] : []);
  }
});

test('only connect creates secrets, and only plan-sync and collect read them', () => {
  const having = (action: string) => [...template.functions.keys()].filter((name) => actionsOf(name).includes(action));
  const of = (file: string) => names.map((cloud) => `${file}-${cloud}`);
  expect(having('secretsmanager:CreateSecret').sort()).toEqual(of('connect').sort());
  expect(having('secretsmanager:GetSecretValue').sort()).toEqual([...of('collect'), 'plan-sync'].sort());
  expect(having('kms:Decrypt').sort()).toEqual([...of('collect'), ...of('connect'), 'plan-sync'].sort());
});

test('what one cloud’s function may do with secrets ends at that cloud', () => {
  for (const cloud of names) {
    for (const name of [`connect-${cloud}`, `collect-${cloud}`]) {
      const secrets = template
        .statements(one(name).role)
        .filter(({ Action }) => Action[0]?.startsWith('secretsmanager:'));
      expect(secrets.length).toBeGreaterThan(0);
      expect(new Set(secrets.flatMap(({ Resource }) => Resource))).toEqual(new Set([secretArn(`${cloud}/*`)]));
    }
  }
});

test('the key is used through Secrets Manager only, by role and by key policy', () => {
  const viaSecretsManager = { StringEquals: { 'kms:ViaService': 'secretsmanager.eu-central-1.amazonaws.com' } };
  for (const { role } of template.functions.values()) {
    for (const { Action, Condition } of template.statements(role)) {
      if (Action.some((action) => action.startsWith('kms:'))) expect(Condition).toEqual(viaSecretsManager);
    }
  }
});

test('a shared secret that signs tokens is readable by every function that checks them, and by no other', () => {
  const tokenSecretArn = 'arn:aws:secretsmanager:eu-central-1:111111111111:secret:tokens-AbCdEf';
  const shared = synthesized({ tokenIssuer: 'i', tokenAudience: 'a', tokenSecretArn });
  const readers = [...shared.functions.values()]
    .filter(({ role }) => shared.statements(role).some(({ Resource }) => Resource.includes(tokenSecretArn)))
    .map(({ name }) => name);
  const wanted = expected.filter(({ needs }) => needs.includes('checkTokens')).map(({ name }) => name);
  expect(readers.sort()).toEqual(wanted.sort());
});

test('no function is sent through a proxy or told another endpoint', () => {
  for (const { environment } of template.functions.values()) {
    expect(Object.keys(environment).filter((key) => /proxy|AWS_|NODE_/i.test(key))).toEqual([]);
  }
});

test('the index is called the same by the table and by the code that reads it', () => {
  expect(DUE_INDEX).toBe(INDEX_OF_THE_ADAPTER);
});

test('with the AWS-managed key no function has a grant on a key', () => {
  const managed = synthesized({
    tokenIssuer: 'i',
    tokenAudience: 'a',
    tokenJwksUrl: 'https://k.test',
    secretsKey: 'aws-managed',
  });
  expect(managed.all('AWS::KMS::Key')).toEqual([]);
  expect(JSON.stringify(managed.raw)).not.toContain('kms:');
  expect(JSON.parse(managed.functions.get(`connect-${names[0]}`)?.environment[links.secrets.env] ?? '')).toEqual({
    prefix: STACK,
  });
});
