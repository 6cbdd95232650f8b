import { ListRolesResponse$, ListUsersResponse$ } from '@aws-sdk/client-iam';
import { DBClusterMessage$, DBInstanceMessage$ } from '@aws-sdk/client-rds';
import { GetCallerIdentityResponse$ } from '@aws-sdk/client-sts';
import type { Schema } from '@smithy/types';
import type { Kind } from '../inventory/kind.ts';
import { roles, users } from '../inventory/others.ts';
import { clusters, databases } from '../inventory/rds.ts';
import type { Operation, Service } from './operation.ts';

/** The query protocol's services refuse alike. */
const refusals = {
  protocol: 'query',
  throttle: { status: 400, code: 'Throttling' },
  denied: { status: 403, code: 'AccessDenied' },
  unknownKey: { status: 403, code: 'InvalidClientTokenId' },
  wrongSignature: { status: 403, code: 'SignatureDoesNotMatch' },
} as const;

const rdsList = <T>(name: string, schema: Schema, member: string, kind: Kind<T>): Operation => ({
  name,
  run(call) {
    const limits = {
      size: call.param('MaxRecords'),
      token: call.param('Marker'),
      least: 20,
      most: 100,
      otherwise: 100,
    };
    const { items, next } = call.page(call.items(kind), limits);
    return { schema, value: { [member]: items, Marker: next } };
  },
});

export const rds: Service = {
  ...refusals,
  name: 'rds',
  namespace: 'http://rds.amazonaws.com/doc/2014-10-31/',
  global: false,
  operations: [
    rdsList('DescribeDBInstances', DBInstanceMessage$, 'DBInstances', databases),
    rdsList('DescribeDBClusters', DBClusterMessage$, 'DBClusters', clusters),
  ],
};

const iamList = <T>(name: string, schema: Schema, member: string, kind: Kind<T>): Operation => ({
  name,
  run(call) {
    const limits = { size: call.param('MaxItems'), token: call.param('Marker'), least: 1, most: 1000, otherwise: 100 };
    const { items, next } = call.page(call.items(kind), limits);
    return { schema, value: { [member]: items, IsTruncated: next !== undefined, Marker: next } };
  },
});

export const iam: Service = {
  ...refusals,
  name: 'iam',
  namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
  global: true,
  operations: [
    iamList('ListRoles', ListRolesResponse$, 'Roles', roles),
    iamList('ListUsers', ListUsersResponse$, 'Users', users),
  ],
};

export const sts: Service = {
  ...refusals,
  name: 'sts',
  namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  global: false,
  operations: [
    {
      name: 'GetCallerIdentity',
      run: ({ account }) => ({
        schema: GetCallerIdentityResponse$,
        value: { UserId: 'AIDASAMPLEUSER000001', Account: account.accountId, Arn: account.userArn },
      }),
    },
  ],
};
