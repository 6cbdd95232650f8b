/** What an AWS that is not AWS answers of a type; anything but `equal` says why. */
export type Support =
  /** Populated, and what our collectors find is what boto3 lists. */
  | 'equal'
  /** It has the call but cannot make such a thing: what both find is none. */
  | { readonly empty: string }
  /** It does not know the call; the outcome is what our ledger then says. */
  | { readonly unsupported: string; readonly outcome: 'not_enabled' | 'failed' }
  /** It answers, and loses something on the way that AWS does not; how the comparison goes around it. */
  | { readonly loses: string };

/**
 * moto 5.2.5. Page sizes honoured, and so more than one page of ours: auto scaling groups, CloudFront, DynamoDB, EFS,
 * ElastiCache, EventBridge rules, log groups, RDS instances, Route 53, Secrets Manager, SSM, WAF.
 */
export const MOTO: Readonly<Record<string, Support>> = {
  acm_certificate: 'equal',
  ami: 'equal',
  apigateway_rest_api: 'equal',
  apigatewayv2_api: 'equal',
  auto_scaling_group: 'equal',
  cloudformation_stack: 'equal',
  cloudfront_distribution: 'equal',
  cloudtrail_trail: 'equal',
  cloudwatch_alarm: 'equal',
  docdb_cluster: { empty: 'docdb is no engine there' },
  docdb_instance: { empty: 'docdb is no engine there' },
  dynamodb_table: 'equal',
  ebs_snapshot: 'equal',
  ebs_volume: 'equal',
  ec2_instance: 'equal',
  ecr_repository: 'equal',
  ecs_cluster: 'equal',
  ecs_service: 'equal',
  efs_file_system: 'equal',
  eks_cluster: 'equal',
  elastic_ip: 'equal',
  elasticache_cluster: 'equal',
  elb_classic: 'equal',
  elbv2_load_balancer: 'equal',
  elbv2_target_group: 'equal',
  eventbridge_rule: 'equal',
  glue_job: 'equal',
  iam_group: 'equal',
  iam_policy: 'equal',
  iam_role: 'equal',
  iam_user: 'equal',
  internet_gateway: 'equal',
  kinesis_stream: { loses: 'the rest of a cut list, with no token; boto3 asks for all at once' },
  kms_key: 'equal',
  lambda_function: 'equal',
  launch_template: { loses: 'the rest of a cut list, with no token; boto3 asks for all at once' },
  log_group: 'equal',
  nat_gateway: 'equal',
  neptune_cluster: 'equal',
  neptune_instance: 'equal',
  network_interface: 'equal',
  opensearch_domain: 'equal',
  rds_cluster: 'equal',
  rds_instance: 'equal',
  rds_snapshot: 'equal',
  redshift_cluster: 'equal',
  route53_hosted_zone: 'equal',
  route_table: 'equal',
  s3_bucket: { loses: 'the rest of a cut list, with no token; boto3 asks for all at once' },
  secretsmanager_secret: 'equal',
  security_group: 'equal',
  sfn_state_machine: 'equal',
  sns_topic: 'equal',
  sqs_queue: 'equal',
  ssm_parameter: 'equal',
  subnet: 'equal',
  transit_gateway: 'equal',
  vpc: 'equal',
  vpc_endpoint: 'equal',
  wafv2_web_acl: 'equal',
};

/** MiniStack 1.5.33, whose policies are enforced. */
export const MINISTACK: Readonly<Record<string, Support>> = {
  ...Object.fromEntries(Object.keys(MOTO).map((type): readonly [string, Support] => [type, 'equal'])),
  ami: { empty: 'no call makes an image' },
  elb_classic: { empty: 'the classic API is answered as the newer one' },
  redshift_cluster: { unsupported: 'no such service', outcome: 'failed' },
  transit_gateway: { unsupported: 'no such action', outcome: 'not_enabled' },
};

/** The types whose support is such a one. */
export const typesWith = (
  table: Readonly<Record<string, Support>>,
  is: 'equal' | 'empty' | 'unsupported' | 'loses',
): readonly string[] =>
  Object.entries(table).flatMap(([type, support]) =>
    (support === 'equal' ? is === 'equal' : is in support) ? [type] : [],
  );

/** One line a type, for whoever reads the test's output. */
export const shown = (table: Readonly<Record<string, Support>>): string =>
  Object.entries(table)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, support]) => {
      const [word, why] = support === 'equal' ? ['equal', ''] : (Object.entries(support)[0] ?? []);
      return `${type.padEnd(24)}${word}${why === '' ? '' : `: ${why}`}`;
    })
    .join('\n');
