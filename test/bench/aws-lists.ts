import type { CollectorFacts } from '../../functions/domain/cloud.ts';
import type { ListShape } from './list-calls.ts';

/** How AWS lists a type, by its own reference. */
export interface AwsList extends ListShape {
  /** What AWS counts its calls together by, in one account and scope; see `AWS_RATES`. */
  readonly bucket: string;
  readonly scope: 'region' | 'global' | 'everywhere';
  /** Types that bear one word are one list: a chain of pages over all of them. */
  readonly together?: string;
  /** How many a large account has in its main region: most of an account is in a few types. */
  readonly usual: number;
  /** The same of what they are listed by. */
  readonly usualParents?: number;
}

const list = (bucket: string, page: number, usual: number, more: Partial<AwsList> = {}): AwsList => ({
  bucket,
  scope: 'region',
  page,
  usual,
  ...more,
});
const inGlobal = { scope: 'global' } as const;
/** `GetAccountAuthorizationDetails`: 1,000 of them a page, of whichever kind. */
const iam = (usual: number): AwsList => list('iam', 1000, usual, { ...inGlobal, together: 'authorization details' });
/** One answer holds them all. */
const ALL = Number.POSITIVE_INFINITY;

/** The 56 types of AWS, each independent of what its collector does. */
export const AWS_LISTS: Readonly<Record<string, AwsList>> = {
  ec2_instance: list('ec2', 1000, 2600),
  s3_bucket: list('s3', 10_000, 800, inGlobal),
  rds_instance: list('rds', 100, 400),
  rds_cluster: list('rds', 100, 120),
  lambda_function: list('lambda', 50, 3000),
  cloudfront_distribution: list('cloudfront', 100, 220, inGlobal),
  vpc: list('ec2', 1000, 12),
  security_group: list('ec2', 1000, 1400),
  subnet: list('ec2', 1000, 140),
  ebs_volume: list('ec2', 1000, 6200),
  iam_role: iam(2400),
  iam_user: iam(150),
  dynamodb_table: list('dynamodb', 100, 350, { describe: 1 }),
  elbv2_load_balancer: list('elbv2', 400, 180),
  eks_cluster: list('eks', 100, 12, { describe: 1 }),
  ecs_cluster: list('ecs clusters', 100, 20, { describe: 100 }),
  ecs_service: list('ecs services', 100, 260, { describe: 10, parents: 100, usualParents: 20 }),
  auto_scaling_group: list('autoscaling', 100, 160),
  ebs_snapshot: list('ec2', 1000, 21_000),
  elastic_ip: list('ec2 without pages', ALL, 90),
  nat_gateway: list('ec2', 1000, 30),
  kms_key: list('kms', 1000, 120, { describe: 1 }),
  secretsmanager_secret: list('secretsmanager', 100, 700),
  sqs_queue: list('sqs', 1000, 280, { describe: 1 }),
  sns_topic: list('sns', 100, 300),
  log_group: list('logs', 50, 9000),
  ecr_repository: list('ecr', 1000, 260),
  elasticache_cluster: list('elasticache', 100, 60),
  route53_hosted_zone: list('route53', 100, 240, inGlobal),
  iam_policy: iam(1300),
  iam_group: iam(40),
  elbv2_target_group: list('elbv2', 400, 420),
  network_interface: list('ec2', 1000, 5200),
  efs_file_system: list('efs', 100, 40),
  opensearch_domain: list('opensearch', ALL, 8, { describe: 5 }),
  redshift_cluster: list('redshift', 100, 4),
  apigateway_rest_api: list('apigateway', 500, 110),
  apigatewayv2_api: list('apigateway', 500, 60),
  cloudtrail_trail: list('cloudtrail', ALL, 3),
  cloudwatch_alarm: list('cloudwatch', 100, 1900),
  cloudformation_stack: list('cloudformation', 100, 700),
  internet_gateway: list('ec2', 1000, 12),
  route_table: list('ec2', 100, 130),
  vpc_endpoint: list('ec2', 1000, 60),
  acm_certificate: list('acm', 1000, 160),
  sfn_state_machine: list('states', 1000, 90),
  kinesis_stream: list('kinesis', 100, 30),
  wafv2_web_acl: list('wafv2', 100, 12, { scope: 'everywhere' }),
  launch_template: list('ec2', 200, 160),
  ami: list('ec2', 1000, 900),
  rds_snapshot: list('rds', 100, 1600),
  transit_gateway: list('ec2', 1000, 2),
  eventbridge_rule: list('events', 100, 420, { parents: 100, usualParents: 4 }),
  ssm_parameter: list('ssm', 50, 1500),
  glue_job: list('glue', 1000, 60),
  elb_classic: list('elb', 400, 12),
};

/** What one scan of a collector reads. @throws RangeError for a collector whose types are not in the table as one list. */
export function listOf({ name, types }: Pick<CollectorFacts, 'name' | 'types'>): AwsList {
  // Types that are told apart in the answer alone, as databases by their engine, come with the one that is listed.
  const lists = types.flatMap((type) => AWS_LISTS[type] ?? []);
  const [first, ...others] = lists;
  if (first === undefined) throw new RangeError(`The bench does not know how ${name} is listed.`);
  if (others.some(({ together }) => together === undefined || together !== first.together))
    throw new RangeError(`The types of ${name} are several lists.`);
  return { ...first, usual: lists.reduce((sum, { usual }) => sum + usual, 0) };
}

/**
 * Rates that AWS documents for one account in one scope, by bucket. What is not here has none that is documented for the
 * calls meant (IAM, RDS, DynamoDB, SQS, Systems Manager and others name none, or none for these).
 */
export const AWS_RATES: Readonly<Record<string, { readonly burst: number; readonly perSecond: number }>> = {
  // Describe calls with a page size, and those without. https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
  ec2: { burst: 100, perSecond: 20 },
  'ec2 without pages': { burst: 50, perSecond: 10 },
  // Control plane. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
  lambda: { burst: 15, perSecond: 15 },
  // https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html
  route53: { burst: 5, perSecond: 5 },
  // https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListStreams.html
  kinesis: { burst: 5, perSecond: 5 },
  // ListCertificates. https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html
  acm: { burst: 8, perSecond: 8 },
  // DescribeAlarms. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
  cloudwatch: { burst: 9, perSecond: 9 },
  // Reads of clusters, and of services. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
  'ecs clusters': { burst: 50, perSecond: 20 },
  'ecs services': { burst: 100, perSecond: 20 },
  // Describe calls, each API version by itself. https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-throttling.html
  elb: { burst: 40, perSecond: 10 },
  elbv2: { burst: 40, perSecond: 10 },
  // All operations. https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
  apigateway: { burst: 40, perSecond: 10 },
  // https://docs.aws.amazon.com/general/latest/gr/ct.html#limits_cloudtrail
  cloudtrail: { burst: 10, perSecond: 10 },
  // ListKeys; DescribeKey has 2,000. https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html
  kms: { burst: 500, perSecond: 500 },
  // DescribeLogGroups. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
  logs: { burst: 10, perSecond: 10 },
  // ListSecrets. https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html
  secretsmanager: { burst: 100, perSecond: 100 },
  // ListTopics. https://docs.aws.amazon.com/general/latest/gr/sns.html#limits_sns
  sns: { burst: 30, perSecond: 30 },
  // ListStateMachines. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
  states: { burst: 100, perSecond: 5 },
  // Any list. https://docs.aws.amazon.com/waf/latest/developerguide/limits.html
  wafv2: { burst: 5, perSecond: 5 },
};
