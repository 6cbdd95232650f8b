import type { GroupDetail, ManagedPolicyDetail, Role, RoleDetail, User, UserDetail } from '@aws-sdk/client-iam';
import { CANARY } from '../accounts.ts';
import { altered, type Kind, type Making, tagsFor } from './kind.ts';

/** A policy document as IAM answers it: percent-encoded. */
const encoded = (statement: object): string =>
  encodeURIComponent(JSON.stringify({ Version: '2012-10-17', Statement: [{ Sid: CANARY, ...statement }] }));
const inline = [{ PolicyName: 'inline', PolicyDocument: encoded({ Effect: 'Allow', Action: 's3:*', Resource: '*' }) }];
const READ_ONLY = { PolicyName: 'ReadOnlyAccess', PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' };

const arnOf = ({ account }: Making, what: string): string => `arn:aws:iam::${account.accountId}:${what}`;

/** With what only the list of roles says. */
export const roles: Kind<RoleDetail & Pick<Role, 'MaxSessionDuration' | 'Description'>> = {
  name: 'iam_role',
  global: true,
  count: () => ({ fixed: 2, growing: 12 }),
  make(making) {
    const { account, index, random } = making;
    const linked = index === 0;
    const path = linked ? '/aws-service-role/support.amazonaws.com/' : random.pick('/', '/app/');
    const name = linked ? 'AWSServiceRoleForSupport' : `role-${index}`;
    const arn = arnOf(making, `role${path}${name}`);
    const trusted = index === 4 ? { AWS: '*' } : { Service: 'lambda.amazonaws.com' };
    const item = {
      Path: path,
      RoleName: name,
      RoleId: `AROA${random.hex(17).toUpperCase()}`,
      Arn: arn,
      CreateDate: random.date(),
      AssumeRolePolicyDocument: encoded({ Effect: 'Allow', Principal: trusted, Action: 'sts:AssumeRole' }),
      Description: CANARY,
      MaxSessionDuration: 3600,
      InstanceProfileList: [],
      RolePolicyList: index % 3 === 1 ? inline : [],
      AttachedManagedPolicies: index % 2 === 1 ? [READ_ONLY] : [],
      RoleLastUsed: { Region: 'us-east-1', LastUsedDate: random.date() },
      ...(index === 2
        ? { PermissionsBoundary: { PermissionsBoundaryArn: `arn:aws:iam::${account.accountId}:policy/policy-0` } }
        : {}),
      Tags: linked ? [] : tagsFor(random, undefined),
    };
    return { type: 'iam_role', arn, item };
  },
  alter: (item, turn) => ({ ...item, Tags: altered(item.Tags, turn) }),
};

/** With what only the list of users says. */
export const users: Kind<UserDetail & Pick<User, 'PasswordLastUsed'>> = {
  name: 'iam_user',
  global: true,
  count: () => ({ fixed: 1, growing: 5 }),
  make(making) {
    const { index, random } = making;
    const name = index === 0 ? 'infraaudit' : `user-${index}`;
    const arn = arnOf(making, `user/${name}`);
    const item = {
      Path: '/',
      UserName: name,
      UserId: `AIDA${random.hex(17).toUpperCase()}`,
      Arn: arn,
      CreateDate: random.date(),
      ...(random.chance(0.5) ? { PasswordLastUsed: random.date() } : {}),
      UserPolicyList: index === 2 ? inline : [],
      GroupList: index === 0 ? [] : ['group-0'],
      AttachedManagedPolicies: index === 0 ? [READ_ONLY] : [],
      Tags: tagsFor(random, undefined),
    };
    return { type: 'iam_user', arn, item };
  },
  alter: (item, turn) => ({ ...item, Tags: altered(item.Tags, turn) }),
};

export const groups: Kind<GroupDetail> = {
  name: 'iam_group',
  global: true,
  count: () => ({ fixed: 1, growing: 2 }),
  make(making) {
    const { index, random } = making;
    const arn = arnOf(making, `group/group-${index}`);
    const item: GroupDetail = {
      Path: '/',
      GroupName: `group-${index}`,
      GroupId: `AGPA${random.hex(17).toUpperCase()}`,
      Arn: arn,
      CreateDate: random.date(),
      GroupPolicyList: index === 1 ? inline : [],
      AttachedManagedPolicies: [READ_ONLY],
    };
    return { type: 'iam_group', arn, item };
  },
  alter: (item, turn) => ({
    ...item,
    GroupPolicyList: [{ PolicyName: `inline-${turn}`, PolicyDocument: encoded({}) }],
  }),
};

export const policies: Kind<ManagedPolicyDetail> = {
  name: 'iam_policy',
  global: true,
  count: () => ({ fixed: 1, growing: 7 }),
  make(making) {
    const { index, random } = making;
    const arn = arnOf(making, `policy/policy-${index}`);
    const created = random.date();
    const granted = index === 3 ? { Action: '*', Resource: '*' } : { Action: ['s3:GetObject'], Resource: '*' };
    const item: ManagedPolicyDetail = {
      PolicyName: `policy-${index}`,
      PolicyId: `ANPA${random.hex(17).toUpperCase()}`,
      Arn: arn,
      Path: '/',
      DefaultVersionId: 'v2',
      AttachmentCount: random.below(4),
      PermissionsBoundaryUsageCount: 0,
      IsAttachable: true,
      Description: CANARY,
      CreateDate: created,
      UpdateDate: created,
      PolicyVersionList: [
        {
          VersionId: 'v2',
          IsDefaultVersion: true,
          CreateDate: created,
          Document: encoded({ Effect: 'Allow', ...granted }),
        },
        { VersionId: 'v1', IsDefaultVersion: false, CreateDate: created, Document: encoded({ Effect: 'Deny' }) },
      ],
    };
    return { type: 'iam_policy', arn, item };
  },
  alter: (item, turn) => ({ ...item, UpdateDate: new Date(Date.UTC(2026, 0, turn)) }),
};
