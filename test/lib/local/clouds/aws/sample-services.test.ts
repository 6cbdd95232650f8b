import { ACMClient, KeyAlgorithm, ListCertificatesCommand } from '@aws-sdk/client-acm';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand, type DescribeAlarmsCommandInput } from '@aws-sdk/client-cloudwatch';
import {
  DescribeClustersCommand,
  DescribeServicesCommand,
  ECSClient,
  ListServicesCommand,
  paginateListServices,
} from '@aws-sdk/client-ecs';
import { DescribeClusterCommand, EKSClient, ListClustersCommand } from '@aws-sdk/client-eks';
import { GetAccountAuthorizationDetailsCommand, IAMClient } from '@aws-sdk/client-iam';
import { DescribeDomainsCommand, ListDomainNamesCommand, OpenSearchClient } from '@aws-sdk/client-opensearch';
import { AwsJson1_0Protocol, AwsQueryProtocol, AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { defaultKnobs } from '../../../../../lib/local/clouds/aws/knobs.ts';
import { MAIN_ACCOUNT, type SampleAws, startSampleAws } from '../../../../../lib/local/clouds/aws/sample-aws.ts';

/** What is particular to a service, seen by AWS's own clients. */
let sample: SampleAws;
beforeAll(async () => {
  sample = await startSampleAws();
});
afterAll(() => sample?.close());
afterEach(() => sample.knobs(defaultKnobs));

const config = () => {
  const { accessKeyId, secretAccessKey } = MAIN_ACCOUNT;
  return { endpoint: sample.url, region: 'us-east-1', credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1 };
};
const ofMain = (type: string, region = 'us-east-1'): number =>
  sample.inventory(MAIN_ACCOUNT.accountId)[type]?.[region]?.length ?? 0;

test('CloudWatch answers the same in JSON, CBOR and query, refusals too, and composite alarms to who asks', async () => {
  const seen = [];
  for (const protocol of [AwsJson1_0Protocol, AwsSmithyRpcV2CborProtocol, AwsQueryProtocol]) {
    const client = new CloudWatchClient({ ...config(), protocol });
    const names = async (input: DescribeAlarmsCommandInput) => {
      const {
        MetricAlarms = [],
        CompositeAlarms = [],
        NextToken,
      } = await client.send(new DescribeAlarmsCommand(input));
      const dates = MetricAlarms.map((one) => one.AlarmConfigurationUpdatedTimestamp?.getTime());
      return { metric: MetricAlarms.map((one) => one.AlarmArn), composite: CompositeAlarms.length, dates, NextToken };
    };
    const both = await names({ AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] });
    expect([both.metric.length, both.composite]).toEqual([35, 5]);
    expect((await names({})).composite).toBe(0);
    expect((await names({ MaxRecords: 7 })).NextToken).toBeDefined();
    sample.knobs({ deny: [{ service: 'monitoring' }] });
    await expect(names({})).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('cloudwatch:DescribeAlarms'),
      $metadata: { httpStatusCode: 403 },
    });
    sample.knobs({ deny: [] });
    seen.push(both);
  }
  expect(seen[1]).toEqual(seen[0]);
  expect(seen[2]).toEqual(seen[0]);
  expect(sample.unknownCalls()).toEqual([]);
});

test('ACM hides ECDSA and large RSA certificates from who does not name their kinds of key', async () => {
  const client = new ACMClient(config());
  const count = async (keyTypes?: KeyAlgorithm[]) => {
    const command = new ListCertificatesCommand(keyTypes === undefined ? {} : { Includes: { keyTypes } });
    return (await client.send(command)).CertificateSummaryList?.length;
  };
  expect(await count(Object.values(KeyAlgorithm))).toBe(ofMain('acm_certificate'));
  expect(await count()).toBe(ofMain('acm_certificate') / 2);
});

test('ECS lists the services of one cluster, ten without a size, and describes as many as it may', async () => {
  const client = new ECSClient(config());
  const first = await client.send(new ListServicesCommand({ cluster: 'cluster-1' }));
  expect(first.serviceArns).toHaveLength(10);
  const arns: string[] = [];
  for (const cluster of ['cluster-0', 'cluster-1', 'cluster-2']) {
    for await (const page of paginateListServices({ client, pageSize: 5 }, { cluster })) {
      arns.push(...(page.serviceArns ?? []));
    }
  }
  expect(arns).toHaveLength(ofMain('ecs_service'));
  expect(new Set(arns).size).toBe(arns.length);
  await expect(client.send(new ListServicesCommand({ cluster: 'none' }))).rejects.toMatchObject({
    name: 'ClusterNotFoundException',
  });
  const of = (cluster: string, services: string[]) => client.send(new DescribeServicesCommand({ cluster, services }));
  const mixed = await of('cluster-0', ['service-0', 'service-1', 'none']);
  expect(mixed.services?.map((one) => one.serviceName)).toEqual(['service-0']);
  expect(mixed.failures?.map((one) => one.reason)).toEqual(['MISSING', 'MISSING']);
  const tooMany = Array.from({ length: 11 }, (_, n) => `service-${n}`);
  await expect(of('cluster-0', tooMany)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  // Tags come only where they are asked for.
  const clusters = (include: 'TAGS'[]) =>
    client.send(new DescribeClustersCommand({ clusters: ['cluster-0'], include }));
  expect((await clusters([])).clusters?.[0]?.tags).toEqual([]);
  expect((await clusters(['TAGS'])).clusters?.[0]?.tags).toHaveLength(1);
});

test('a service that was taken out is in no list, and the others stay where they are', async () => {
  const client = new ECSClient(config());
  const list = async () =>
    (await client.send(new ListServicesCommand({ cluster: 'cluster-1', maxResults: 100 }))).serviceArns;
  const before = await list();
  sample.knobs({
    drop: [
      { type: 'ecs_service', region: 'us-east-1', index: 3 },
      { type: 'ecs_service', region: 'us-east-1', index: 4 },
    ],
  });
  expect(await list()).toEqual(before?.filter((arn) => !arn.endsWith('/service-3')));
});

test('IAM pages over users, groups, roles and policies in one chain, and over those of a filter alone', async () => {
  const client = new IAMClient(config());
  const kinds = async (filter?: ('User' | 'Role')[]) => {
    const counts = { users: 0, groups: 0, roles: 0, policies: 0 };
    let Marker: string | undefined;
    do {
      const command = new GetAccountAuthorizationDetailsCommand({ MaxItems: 4, Marker, Filter: filter });
      const page = await client.send(command);
      counts.users += page.UserDetailList?.length ?? 0;
      counts.groups += page.GroupDetailList?.length ?? 0;
      counts.roles += page.RoleDetailList?.length ?? 0;
      counts.policies += page.Policies?.length ?? 0;
      Marker = page.Marker;
    } while (Marker !== undefined);
    return counts;
  };
  const all = { users: ofMain('iam_user', 'global'), roles: ofMain('iam_role', 'global') };
  expect(await kinds()).toEqual({
    ...all,
    groups: ofMain('iam_group', 'global'),
    policies: ofMain('iam_policy', 'global'),
  });
  expect(await kinds(['User', 'Role'])).toEqual({ ...all, groups: 0, policies: 0 });
});

test('a cluster is found by the name in the path, and one that is not there is not', async () => {
  const client = new EKSClient(config());
  const { clusters = [] } = await client.send(new ListClustersCommand({}));
  expect(clusters).toHaveLength(ofMain('eks_cluster'));
  const found = await client.send(new DescribeClusterCommand({ name: clusters[0] }));
  expect(found.cluster?.name).toBe(clusters[0]);
  await expect(client.send(new DescribeClusterCommand({ name: 'none' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    $metadata: { httpStatusCode: 404 },
  });
});

test('OpenSearch describes five domains at a time and leaves out those that are not there', async () => {
  const client = new OpenSearchClient(config());
  const { DomainNames = [] } = await client.send(new ListDomainNamesCommand({}));
  expect(DomainNames).toHaveLength(ofMain('opensearch_domain'));
  const described = (names: string[]) => client.send(new DescribeDomainsCommand({ DomainNames: names }));
  expect((await described(['none', 'domain-0'])).DomainStatusList?.map((one) => one.DomainName)).toEqual(['domain-0']);
  await expect(described(['a', 'b', 'c', 'd', 'e', 'f'])).rejects.toMatchObject({ name: 'ValidationException' });
});

test('CloudFormation cuts its pages itself, a hundred stacks each', async () => {
  sample.knobs({ size: 10 });
  const { Stacks, NextToken } = await new CloudFormationClient(config()).send(new DescribeStacksCommand({}));
  expect([Stacks?.length, NextToken]).toEqual([100, 'page-2-100']);
});
