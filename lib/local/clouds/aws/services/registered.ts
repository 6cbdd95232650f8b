import { dynamodb } from './dynamodb.ts';
import { ec2 } from './ec2.ts';
import type { Service } from './operation.ts';
import { iam, rds, sts } from './query.ts';
import { cloudfront, lambda, s3 } from './rest.ts';

/** REGISTRY: the services that the sample cloud knows; a call of any other fails loudly. */
export const services: readonly Service[] = [sts, ec2, s3, rds, lambda, cloudfront, iam, dynamodb];
