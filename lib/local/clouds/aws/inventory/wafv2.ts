import type { WebACLSummary } from '@aws-sdk/client-wafv2';
import { CANARY } from '../accounts.ts';
import { byBusiness, type Kind, type Making } from './kind.ts';

function made({ account, region, index, random }: Making, place: 'global' | 'regional') {
  const id = `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-8${random.hex(3)}-${random.hex(12)}`;
  const name = `acl-${index}`;
  const arn = `arn:aws:wafv2:${region}:${account.accountId}:${place}/webacl/${name}/${id}`;
  const item: WebACLSummary = { Name: name, Id: id, Description: CANARY, LockToken: CANARY, ARN: arn };
  return { type: 'wafv2_web_acl', arn, item };
}

/** The list shows nothing else that could change. */
const alter = (item: WebACLSummary, turn: number): WebACLSummary => ({ ...item, Name: `acl-renamed-${turn}` });

/** What protects regional resources: load balancers, APIs. */
export const regionalAcls: Kind<WebACLSummary> = {
  name: 'wafv2_web_acl',
  global: false,
  count: byBusiness([0, 0, 1, 2]),
  make: (making) => made(making, 'regional'),
  alter,
};

/** What protects CloudFront distributions: kept apart, and asked for in us-east-1. */
export const globalAcls: Kind<WebACLSummary> = {
  name: 'wafv2_web_acl',
  global: true,
  count: () => ({ fixed: 0, growing: 2 }),
  make: (making) => made(making, 'global'),
  alter,
};
