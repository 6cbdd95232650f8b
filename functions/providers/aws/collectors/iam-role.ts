import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { awsCollector, fields, time } from '../collector.ts';

export const facts = {
  name: 'iam_role',
  service: 'iam',
  scope: 'global',
  types: ['iam_role'],
  permissions: ['iam:ListRoles'],
} as const satisfies CollectorFacts;

/** The list leaves out tags, the boundary and when it was last used. @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    Arn: z.string(),
    RoleName: z.string(),
    RoleId: z.string().optional(),
    Path: z.string().optional(),
    CreateDate: z.date().optional(),
    MaxSessionDuration: z.number().optional(),
  }),
  async page(aws, token) {
    const answer = await aws.client(IAMClient).send(new ListRolesCommand({ MaxItems: 1000, Marker: token }));
    return { items: answer.Roles, next: answer.IsTruncated === true ? answer.Marker : undefined };
  },
  toResource: (item) => ({
    external_id: item.Arn,
    name: item.RoleName,
    region: 'global',
    status: 'active',
    tags: {},
    ...time(item.CreateDate),
    configuration: fields({
      role_id: item.RoleId,
      path: item.Path,
      service_linked: item.Path?.startsWith('/aws-service-role/') === true ? 'yes' : 'no',
      max_session_seconds: item.MaxSessionDuration,
    }),
  }),
}));
