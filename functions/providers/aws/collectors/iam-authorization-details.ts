import { GetAccountAuthorizationDetailsCommand, IAMClient } from '@aws-sdk/client-iam';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { awsCollector } from '../collector.ts';
import { iamItemSchema, iamResource } from '../iam.ts';

export const facts = {
  name: 'iam_authorization_details',
  service: 'iam',
  scope: 'global',
  types: ['iam_role', 'iam_user', 'iam_group', 'iam_policy'],
  permissions: ['iam:GetAccountAuthorizationDetails'],
} as const satisfies CollectorFacts;

type IamType = (typeof facts.types)[number];
const of = (type: IamType, list: readonly object[] = []): object[] => list.map((one) => ({ ...one, type }));

/**
 * One chain instead of four lists, and it says more than they do; policies are the customer's own.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
 */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: iamItemSchema,
  async page(aws, token) {
    const command = new GetAccountAuthorizationDetailsCommand({
      Filter: ['User', 'Role', 'Group', 'LocalManagedPolicy'],
      MaxItems: 1000,
      Marker: token,
    });
    const answer = await aws.client(IAMClient).send(command);
    const items = [
      ...of('iam_user', answer.UserDetailList),
      ...of('iam_group', answer.GroupDetailList),
      ...of('iam_role', answer.RoleDetailList),
      ...of('iam_policy', answer.Policies),
    ];
    return { items, next: answer.IsTruncated === true ? answer.Marker : undefined };
  },
  toResource: iamResource,
}));
