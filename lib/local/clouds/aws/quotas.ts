import { TokenBucket } from '../../token-bucket.ts';
import type { Knobs } from './knobs.ts';

/**
 * Rates that AWS documents, by service: the sample's own statement of them, so that what a collector believes is held
 * against it.
 * @see https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html (non-mutating actions)
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (control plane)
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-throttling.html (non-mutating actions)
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html (total operations)
 * @see https://docs.aws.amazon.com/general/latest/gr/ct.html#limits_cloudtrail (DescribeTrails)
 * @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListStreams.html
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html (ListKeys)
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html (DescribeLogGroups)
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html (ListSecrets)
 * @see https://docs.aws.amazon.com/general/latest/gr/sns.html#limits_sns (ListTopics)
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html (ListStateMachines)
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/limits.html (any list)
 * @see https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html (ListCertificates)
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html (cluster read actions)
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html (DescribeAlarms)
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html (all API requests)
 */
const DOCUMENTED: Readonly<Record<string, { readonly burst: number; readonly perSecond: number }>> = {
  ec2: { burst: 100, perSecond: 20 },
  lambda: { burst: 15, perSecond: 15 },
  acm: { burst: 8, perSecond: 8 },
  ecs: { burst: 50, perSecond: 20 },
  monitoring: { burst: 9, perSecond: 9 },
  route53: { burst: 5, perSecond: 5 },
  elasticloadbalancing: { burst: 40, perSecond: 10 },
  apigateway: { burst: 40, perSecond: 10 },
  cloudtrail: { burst: 10, perSecond: 10 },
  kinesis: { burst: 5, perSecond: 5 },
  kms: { burst: 500, perSecond: 500 },
  logs: { burst: 10, perSecond: 10 },
  secretsmanager: { burst: 100, perSecond: 100 },
  sns: { burst: 30, perSecond: 30 },
  states: { burst: 100, perSecond: 5 },
  wafv2: { burst: 5, perSecond: 5 },
};

/** The token buckets of one running sample cloud: one for each account, service and region. */
export class Quotas {
  readonly #buckets = new Map<string, TokenBucket>();

  /** Whether a call is within its rate. */
  admits(knob: Knobs['buckets'], account: string, service: string, region: string): boolean {
    const rates = knob === 'none' ? {} : knob === 'documented' ? DOCUMENTED : knob;
    const rate = rates[service];
    if (rate === undefined) return true;
    const key = `${account}/${service}/${region}`;
    const bucket = this.#buckets.get(key) ?? new TokenBucket(rate);
    this.#buckets.set(key, bucket);
    return bucket.take();
  }

  /** Full again, for instance because the knobs were turned. */
  reset(): void {
    this.#buckets.clear();
  }
}
