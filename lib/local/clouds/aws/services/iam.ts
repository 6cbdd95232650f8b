import { GetAccountAuthorizationDetailsResponse$, ListRolesResponse$, ListUsersResponse$ } from '@aws-sdk/client-iam';
import type { Schema } from '@smithy/types';
import { groups, policies, roles, users } from '../inventory/iam.ts';
import type { Kind } from '../inventory/kind.ts';
import { type Call, type Operation, type Pageable, SampleError, type Service } from './operation.ts';
import { queryRefusals } from './query-refusals.ts';

const limitsOf = (call: Call) => ({
  size: call.param('MaxItems'),
  token: call.param('Marker'),
  least: 1,
  most: 1000,
  otherwise: 100,
  codes: { size: 'ValidationError', token: 'InvalidInput' },
});

const list = <T>(name: string, schema: Schema, member: string, kind: Kind<T>): Operation => ({
  name,
  run(call) {
    const { items, next } = call.page(call.items(kind), limitsOf(call));
    return { schema, value: { [member]: items, IsTruncated: next !== undefined, Marker: next } };
  },
});

/** By the filter's word: the member of the answer, and what it holds. AWS's own policies are no part of the account. */
const PARTS: Readonly<Record<string, { readonly member: string; readonly kind?: Kind<unknown> }>> = {
  User: { member: 'UserDetailList', kind: users },
  Group: { member: 'GroupDetailList', kind: groups },
  Role: { member: 'RoleDetailList', kind: roles },
  LocalManagedPolicy: { member: 'Policies', kind: policies },
  AWSManagedPolicy: { member: 'Policies' },
};

interface Part {
  readonly member: string;
  readonly item: unknown;
}

/** One page holds the end of one part and the beginning of the next. */
function detailsOf(call: Call): Pageable<Part> {
  const filter = call.list('Filter');
  const unknown = filter.find((word) => PARTS[word] === undefined);
  if (unknown !== undefined) throw new SampleError(400, 'ValidationError', `${unknown} is no kind of entity.`);
  const parts = Object.entries(PARTS).flatMap(([word, { member, kind }]) =>
    kind === undefined || (filter.length > 0 && !filter.includes(word)) ? [] : [{ member, items: call.items(kind) }],
  );
  return {
    length: parts.reduce((n, { items }) => n + items.length, 0),
    slice(from, to) {
      let before = 0;
      return parts.flatMap(({ member, items }) => {
        const page = items.slice(Math.max(0, from - before), Math.max(0, to - before));
        before += items.length;
        return page.map((item) => ({ member, item }));
      });
    },
  };
}

export const iam: Service = {
  ...queryRefusals,
  name: 'iam',
  namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
  global: true,
  operations: [
    list('ListRoles', ListRolesResponse$, 'Roles', roles),
    list('ListUsers', ListUsersResponse$, 'Users', users),
    {
      name: 'GetAccountAuthorizationDetails',
      run(call) {
        const { items, next } = call.page(detailsOf(call), limitsOf(call));
        const members = ['UserDetailList', 'GroupDetailList', 'RoleDetailList', 'Policies'];
        const lists = members.map((member) => [
          member,
          items.flatMap((part) => (part.member === member ? [part.item] : [])),
        ]);
        return {
          schema: GetAccountAuthorizationDetailsResponse$,
          value: { ...Object.fromEntries(lists), IsTruncated: next !== undefined, Marker: next },
        };
      },
    },
  ],
};
