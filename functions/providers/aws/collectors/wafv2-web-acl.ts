import { ListWebACLsCommand, WAFV2Client } from '@aws-sdk/client-wafv2';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { awsCollector, fields } from '../collector.ts';

export const facts = {
  name: 'wafv2_web_acl',
  service: 'wafv2',
  scope: 'everywhere',
  types: ['wafv2_web_acl'],
  permissions: ['wafv2:ListWebACLs'],
} as const satisfies CollectorFacts;

/** What protects CloudFront is asked for in us-east-1, apart from that region's own. @see https://docs.aws.amazon.com/waf/latest/APIReference/API_ListWebACLs.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({ ARN: z.string(), Name: z.string(), Id: z.string().optional() }),
  async page(aws, token) {
    const scope = aws.scope === 'global' ? 'CLOUDFRONT' : 'REGIONAL';
    const command = new ListWebACLsCommand({ Scope: scope, Limit: 100, NextMarker: token });
    const answer = await aws.client(WAFV2Client).send(command);
    return { items: answer.WebACLs, next: answer.NextMarker };
  },
  toResource: (item, { region }) => {
    // arn:aws:wafv2:us-east-1:111122223333:global/webacl/name/id
    const isGlobal = item.ARN.split(':')[5]?.startsWith('global/') === true;
    return {
      external_id: item.ARN,
      name: item.Name,
      region: isGlobal ? 'global' : region,
      status: 'active',
      tags: {},
      configuration: fields({
        web_acl_id: item.Id,
        protects: isGlobal ? 'cloudfront' : 'regional',
        logging: 'unknown',
        logging_reason: 'the list of web ACLs does not say',
      }),
    };
  },
}));
