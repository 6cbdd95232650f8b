import { randomBytes } from 'node:crypto';

/** The account and region that the twin plays: fixed in the queue emulator, so everything else follows it. */
export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';
/** The issuer and audience of the tokens that the twin signs. */
export const ISSUER = 'https://local.infraaudit.example';
export const AUDIENCE = 'infraaudit';

/** An ARN for a new secret; like AWS's it ends in six random characters, so that a name used again gets another one. */
export const arnOfSecret = (name: string): string =>
  `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${name}-${randomBytes(3).toString('hex')}`;
/** The stack's name here; physical names that the template leaves open begin with it. */
export const STACK_NAME = 'infraaudit-local';
