import * as z from 'zod';
import type { Resource } from '../../domain/resource.ts';
import { fields, tagsOf, time } from './collector.ts';
import { allowsEverything, trustsEveryone } from './policy-documents.ts';
import { tags } from './schemas.ts';

const named = z.array(z.object({ PolicyName: z.string().optional() })).optional();
const attached = z.array(z.object({ PolicyArn: z.string().optional() })).optional();
const every = { Arn: z.string(), Path: z.string().optional(), CreateDate: z.date().optional() };
const boundary = z.object({ PermissionsBoundaryArn: z.string().optional() }).optional();

/** What an account's authorization details hold, told apart by `type`. Documents are read here and go no further. */
export const iamItemSchema = z.discriminatedUnion('type', [
  z.object({
    ...every,
    type: z.literal('iam_role'),
    RoleName: z.string(),
    RoleId: z.string().optional(),
    AssumeRolePolicyDocument: z.string().optional(),
    RolePolicyList: named,
    AttachedManagedPolicies: attached,
    PermissionsBoundary: boundary,
    Tags: tags,
  }),
  z.object({
    ...every,
    type: z.literal('iam_user'),
    UserName: z.string(),
    UserId: z.string().optional(),
    GroupList: z.array(z.string()).optional(),
    UserPolicyList: named,
    AttachedManagedPolicies: attached,
    PermissionsBoundary: boundary,
    Tags: tags,
  }),
  z.object({
    ...every,
    type: z.literal('iam_group'),
    GroupName: z.string(),
    GroupId: z.string().optional(),
    GroupPolicyList: named,
    AttachedManagedPolicies: attached,
  }),
  z.object({
    ...every,
    type: z.literal('iam_policy'),
    PolicyName: z.string().optional(),
    PolicyId: z.string().optional(),
    DefaultVersionId: z.string().optional(),
    AttachmentCount: z.number().optional(),
    UpdateDate: z.date().optional(),
    PolicyVersionList: z
      .array(z.object({ Document: z.string().optional(), IsDefaultVersion: z.boolean().optional() }))
      .optional(),
  }),
]);
export type IamItem = z.infer<typeof iamItemSchema>;

const namesOf = (list: z.infer<typeof named>): string[] =>
  (list ?? []).flatMap(({ PolicyName: name }) => (name === undefined ? [] : [name]));
const arnsOf = (list: z.infer<typeof attached>): string[] =>
  (list ?? []).flatMap(({ PolicyArn: arn }) => (arn === undefined ? [] : [arn]));

/** A role, user, group or customer-managed policy as the inventory has it. */
export function iamResource(item: IamItem): Resource {
  const { name, configuration } = shown(item);
  return {
    type: item.type,
    external_id: item.Arn,
    name,
    region: 'global',
    status: 'active',
    tags: 'Tags' in item ? tagsOf(item.Tags) : {},
    ...time(item.CreateDate),
    configuration: fields({ path: item.Path, ...configuration }),
  };
}

function shown(item: IamItem): { readonly name: string; readonly configuration: Parameters<typeof fields>[0] } {
  switch (item.type) {
    case 'iam_role':
      return {
        name: item.RoleName,
        configuration: {
          role_id: item.RoleId,
          service_linked: item.Path?.startsWith('/aws-service-role/') === true ? 'yes' : 'no',
          trusts_everyone: trustsEveryone(item.AssumeRolePolicyDocument),
          policies: arnsOf(item.AttachedManagedPolicies),
          inline_policies: namesOf(item.RolePolicyList),
          boundary: item.PermissionsBoundary?.PermissionsBoundaryArn,
        },
      };
    case 'iam_user':
      return {
        name: item.UserName,
        configuration: {
          user_id: item.UserId,
          groups: item.GroupList,
          policies: arnsOf(item.AttachedManagedPolicies),
          inline_policies: namesOf(item.UserPolicyList),
          boundary: item.PermissionsBoundary?.PermissionsBoundaryArn,
          mfa: 'unknown',
          mfa_reason: 'the authorization details do not say',
        },
      };
    case 'iam_group':
      return {
        name: item.GroupName,
        configuration: {
          group_id: item.GroupId,
          policies: arnsOf(item.AttachedManagedPolicies),
          inline_policies: namesOf(item.GroupPolicyList),
        },
      };
    case 'iam_policy':
      return {
        name: item.PolicyName ?? item.Arn.slice(item.Arn.lastIndexOf('/') + 1),
        configuration: {
          policy_id: item.PolicyId,
          version: item.DefaultVersionId,
          updated_at: item.UpdateDate?.toISOString(),
          attachments: item.AttachmentCount,
          full_access: allowsEverything(item.PolicyVersionList?.find((one) => one.IsDefaultVersion === true)?.Document),
        },
      };
  }
}
