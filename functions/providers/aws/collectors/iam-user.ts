import { IAMClient, ListUsersCommand } from '@aws-sdk/client-iam';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { awsCollector, fields, time } from '../collector.ts';

export const facts = {
  name: 'iam_user',
  service: 'iam',
  scope: 'global',
  types: ['iam_user'],
  permissions: ['iam:ListUsers'],
} as const satisfies CollectorFacts;

/** @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    Arn: z.string(),
    UserName: z.string(),
    UserId: z.string().optional(),
    Path: z.string().optional(),
    CreateDate: z.date().optional(),
    PasswordLastUsed: z.date().optional(),
  }),
  async page(aws, token) {
    const answer = await aws.client(IAMClient).send(new ListUsersCommand({ MaxItems: 1000, Marker: token }));
    return { items: answer.Users, next: answer.IsTruncated === true ? answer.Marker : undefined };
  },
  toResource: (item) => ({
    external_id: item.Arn,
    name: item.UserName,
    region: 'global',
    status: 'active',
    tags: {},
    ...time(item.CreateDate),
    configuration: fields({
      user_id: item.UserId,
      path: item.Path,
      // Absent where there is no password as well as where it was never used.
      password_last_used: item.PasswordLastUsed?.toISOString(),
      mfa: 'unknown',
      mfa_reason: 'the list of users does not say',
    }),
  }),
}));
