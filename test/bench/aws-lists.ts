/** How AWS lists a type: by its own reference, the most that one page may hold and one describe may name. */
export interface AwsList {
  readonly service: string;
  readonly scope: 'region' | 'global';
  readonly page: number;
  /** Items of one describe, where the list says too little. */
  readonly describe?: number;
  /** How many a large account has in its main region: most of an account is in a few types. */
  readonly usual: number;
}

const list = (service: string, page: number, usual: number, more: Partial<AwsList> = {}): AwsList => ({
  service,
  scope: 'region',
  page,
  usual,
  ...more,
});
const inGlobal = { scope: 'global' } as const;

/** The 56 AWS types of the project's plan, registered or not. */
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
  iam_role: list('iam', 1000, 2400, inGlobal),
  iam_user: list('iam', 1000, 150, inGlobal),
  dynamodb_table: list('dynamodb', 100, 350, { describe: 1 }),
  elbv2_load_balancer: list('elbv2', 400, 180),
  eks_cluster: list('eks', 100, 12, { describe: 1 }),
  ecs_cluster: list('ecs', 100, 20, { describe: 100 }),
  ecs_service: list('ecs', 100, 260, { describe: 10 }),
  auto_scaling_group: list('autoscaling', 100, 160),
  ebs_snapshot: list('ec2', 1000, 21_000),
  elastic_ip: list('ec2', 1000, 90),
  nat_gateway: list('ec2', 1000, 30),
  kms_key: list('kms', 1000, 120, { describe: 1 }),
  secretsmanager_secret: list('secretsmanager', 100, 700),
  sqs_queue: list('sqs', 1000, 280, { describe: 1 }),
  sns_topic: list('sns', 100, 300),
  log_group: list('logs', 50, 9000),
  ecr_repository: list('ecr', 1000, 260),
  elasticache_cluster: list('elasticache', 100, 60),
  route53_hosted_zone: list('route53', 100, 240, inGlobal),
  iam_policy: list('iam', 1000, 1300, inGlobal),
  iam_group: list('iam', 1000, 40, inGlobal),
  elbv2_target_group: list('elbv2', 400, 420),
  network_interface: list('ec2', 1000, 5200),
  efs_file_system: list('efs', 100, 40),
  opensearch_domain: list('opensearch', 1000, 8, { describe: 5 }),
  redshift_cluster: list('redshift', 100, 4),
  apigateway_rest_api: list('apigateway', 500, 110),
  apigatewayv2_api: list('apigatewayv2', 500, 60),
  cloudtrail_trail: list('cloudtrail', 1000, 3),
  cloudwatch_alarm: list('cloudwatch', 100, 1900),
  cloudformation_stack: list('cloudformation', 100, 700),
  internet_gateway: list('ec2', 1000, 12),
  route_table: list('ec2', 1000, 130),
  vpc_endpoint: list('ec2', 1000, 60),
  acm_certificate: list('acm', 1000, 160),
  sfn_state_machine: list('states', 1000, 90),
  kinesis_stream: list('kinesis', 1000, 30),
  wafv2_web_acl: list('wafv2', 100, 12),
  launch_template: list('ec2', 200, 160),
  ami: list('ec2', 1000, 900),
  rds_snapshot: list('rds', 100, 1600),
  transit_gateway: list('ec2', 1000, 2),
  eventbridge_rule: list('events', 100, 420),
  ssm_parameter: list('ssm', 50, 1500),
  glue_job: list('glue', 1000, 60),
  elb_classic: list('elb', 400, 12),
};

/** How a type is listed. @throws RangeError for one that is not in the table yet. */
export function listOf(type: string): AwsList {
  const one = AWS_LISTS[type];
  if (one === undefined) throw new RangeError(`The bench does not know how ${type} is listed.`);
  return one;
}

/** Rates that AWS documents for one account in one region, by service, where such calls are meant. */
export const DOCUMENTED: Readonly<Record<string, { readonly burst: number; readonly perSecond: number }>> = {
  // Describe calls with a page size. https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
  ec2: { burst: 100, perSecond: 20 },
  // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
  lambda: { burst: 15, perSecond: 15 },
  // https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html
  route53: { burst: 5, perSecond: 5 },
  // https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListStreams.html
  kinesis: { burst: 5, perSecond: 5 },
};
