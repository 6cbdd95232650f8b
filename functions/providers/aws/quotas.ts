import type { Quota } from '../../domain/cloud.ts';

/**
 * Rate limits that AWS documents, by service, for one account in one region. What is not here is not documented for
 * the calls that are made, and is only slowed down when it throttles.
 */
const quotas: Readonly<Record<string, Quota>> = {
  /** ListCertificates. @see https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html */
  acm: { burst: 8, perSecond: 8 },
  /** DescribeAlarms. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html */
  cloudwatch: { burst: 9, perSecond: 9 },
  /** Describe calls with a page size. @see https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html */
  ec2: { burst: 100, perSecond: 20 },
  /**
   * Reads of clusters; those of services have a larger bucket of their own.
   * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
   */
  ecs: { burst: 50, perSecond: 20 },
  /**
   * Describe calls; each of the two APIs has a bucket of its own, of which one is used for both.
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-throttling.html
   */
  elasticloadbalancing: { burst: 40, perSecond: 10 },
  /** Control plane. @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
  lambda: { burst: 15, perSecond: 15 },
  /** All calls of an account. @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html */
  route53: { burst: 5, perSecond: 5 },
  /** Both APIs, all reads together. @see https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
  apigateway: { burst: 40, perSecond: 10 },
  /** DescribeTrails. @see https://docs.aws.amazon.com/general/latest/gr/ct.html#limits_cloudtrail */
  cloudtrail: { burst: 10, perSecond: 10 },
  /** ListStreams. @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListStreams.html */
  kinesis: { burst: 5, perSecond: 5 },
  /** ListKeys; DescribeKey has four times that. @see https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html */
  kms: { burst: 500, perSecond: 500 },
  /** DescribeLogGroups. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html */
  logs: { burst: 10, perSecond: 10 },
  /** ListSecrets. @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
  secretsmanager: { burst: 100, perSecond: 100 },
  /** ListTopics. @see https://docs.aws.amazon.com/general/latest/gr/sns.html#limits_sns */
  sns: { burst: 30, perSecond: 30 },
  /** ListStateMachines. @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
  states: { burst: 100, perSecond: 5 },
  /** Any list; what protects CloudFront counts as us-east-1's. @see https://docs.aws.amazon.com/waf/latest/developerguide/limits.html */
  wafv2: { burst: 5, perSecond: 5 },
};

export const quotaOf = (service: string): Quota | undefined => quotas[service];
