import { acm } from './acm.ts';
import { apigateway } from './apigateway.ts';
import { autoScaling } from './auto-scaling.ts';
import { ce } from './ce.ts';
import { cloudformation } from './cloudformation.ts';
import { cloudtrail } from './cloudtrail.ts';
import { cloudwatch } from './cloudwatch.ts';
import { dynamodb } from './dynamodb.ts';
import { ec2 } from './ec2.ts';
import { ecr } from './ecr.ts';
import { ecs } from './ecs.ts';
import { efs } from './efs.ts';
import { eks } from './eks.ts';
import { elasticache } from './elasticache.ts';
import { elbClassic, elbv2 } from './elb.ts';
import { events } from './events.ts';
import { glue } from './glue.ts';
import { iam } from './iam.ts';
import { kinesis } from './kinesis.ts';
import { kms } from './kms.ts';
import { logs } from './logs.ts';
import { opensearch } from './opensearch.ts';
import type { Service } from './operation.ts';
import { rds } from './rds.ts';
import { redshift } from './redshift.ts';
import { cloudfront, lambda, s3 } from './rest.ts';
import { route53 } from './route53.ts';
import { secretsmanager } from './secretsmanager.ts';
import { sns } from './sns.ts';
import { sqs } from './sqs.ts';
import { ssm } from './ssm.ts';
import { states } from './states.ts';
import { sts } from './sts.ts';
import { wafv2 } from './wafv2.ts';

/** REGISTRY: the services that the sample cloud knows; a call of any other fails loudly. */
export const services: readonly Service[] = [
  sts,
  ec2,
  s3,
  rds,
  lambda,
  cloudfront,
  iam,
  dynamodb,
  elbv2,
  elbClassic,
  autoScaling,
  apigateway,
  cloudtrail,
  events,
  glue,
  kinesis,
  kms,
  logs,
  secretsmanager,
  sns,
  sqs,
  ssm,
  states,
  wafv2,
  acm,
  cloudformation,
  cloudwatch,
  ecr,
  ecs,
  efs,
  eks,
  elasticache,
  opensearch,
  redshift,
  route53,
  ce,
];
