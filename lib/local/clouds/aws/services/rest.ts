import { DistributionList$ } from '@aws-sdk/client-cloudfront';
import { ListFunctionsResponse$ } from '@aws-sdk/client-lambda';
import { ListBucketsOutput$ } from '@aws-sdk/client-s3';
import { buckets, distributions, functions } from '../inventory/others.ts';
import type { Service } from './operation.ts';

export const s3: Service = {
  name: 's3',
  protocol: 'rest-xml',
  namespace: 'http://s3.amazonaws.com/doc/2006-03-01/',
  global: true,
  throttle: { status: 503, code: 'SlowDown' },
  denied: { status: 403, code: 'AccessDenied' },
  unknownKey: { status: 403, code: 'InvalidAccessKeyId' },
  wrongSignature: { status: 403, code: 'SignatureDoesNotMatch' },
  operations: [
    {
      name: 'ListBuckets',
      rest: { method: 'GET', path: '/' },
      permission: 's3:ListAllMyBuckets',
      run(call) {
        const size = call.param('max-buckets');
        const limits = { size, token: call.param('continuation-token'), least: 1, most: 10_000, otherwise: 1_000_000 };
        const { items, next } = call.page(call.items(buckets), limits);
        // Only a paged list says where each bucket is.
        const shown = size === undefined ? items.map(({ BucketRegion: _, ...bucket }) => bucket) : items;
        const owner = { ID: call.account.accountId };
        return {
          schema: ListBucketsOutput$,
          root: 'ListAllMyBucketsResult',
          value: { Buckets: shown, Owner: owner, ContinuationToken: next },
        };
      },
    },
  ],
};

export const cloudfront: Service = {
  name: 'cloudfront',
  protocol: 'rest-xml',
  namespace: 'http://cloudfront.amazonaws.com/doc/2020-05-31/',
  global: true,
  throttle: { status: 400, code: 'Throttling' },
  denied: { status: 403, code: 'AccessDenied' },
  unknownKey: { status: 403, code: 'InvalidClientTokenId' },
  wrongSignature: { status: 403, code: 'SignatureDoesNotMatch' },
  operations: [
    {
      name: 'ListDistributions',
      rest: { method: 'GET', path: '/2020-05-31/distribution' },
      run(call) {
        const token = call.param('Marker');
        const limits = { size: call.param('MaxItems'), token, least: 1, most: 100, otherwise: 100 };
        const { items, next } = call.page(call.items(distributions), limits);
        const list = {
          Marker: token ?? '',
          NextMarker: next,
          MaxItems: 100,
          IsTruncated: next !== undefined,
          Quantity: items.length,
          Items: items,
        };
        return { schema: DistributionList$, root: 'DistributionList', value: list };
      },
    },
  ],
};

export const lambda: Service = {
  name: 'lambda',
  protocol: 'rest-json',
  namespace: '',
  global: false,
  throttle: { status: 429, code: 'TooManyRequestsException' },
  denied: { status: 403, code: 'AccessDeniedException' },
  unknownKey: { status: 403, code: 'UnrecognizedClientException' },
  wrongSignature: { status: 403, code: 'InvalidSignatureException' },
  operations: [
    {
      name: 'ListFunctions',
      rest: { method: 'GET', path: '/2015-03-31/functions' },
      run(call) {
        const limits = {
          size: call.param('MaxItems'),
          token: call.param('Marker'),
          least: 1,
          most: 10_000,
          otherwise: 50,
        };
        // However many are asked for, Lambda answers 50 at most.
        const size = String(Math.min(50, Number(limits.size ?? 50)));
        const { items, next } = call.page(call.items(functions), { ...limits, size });
        return { schema: ListFunctionsResponse$, value: { Functions: items, NextMarker: next } };
      },
    },
  ],
};
