import { DescribeFileSystemsResponse$ } from '@aws-sdk/client-efs';
import { fileSystems } from '../inventory/efs.ts';
import type { Service } from './operation.ts';

export const efs: Service = {
  name: 'elasticfilesystem',
  protocol: 'rest-json',
  namespace: '',
  global: false,
  throttle: { status: 429, code: 'ThrottlingException' },
  denied: { status: 403, code: 'AccessDeniedException' },
  unknownKey: { status: 403, code: 'UnrecognizedClientException' },
  wrongSignature: { status: 403, code: 'InvalidSignatureException' },
  operations: [
    {
      name: 'DescribeFileSystems',
      rest: { method: 'GET', path: '/2015-02-01/file-systems' },
      run(call) {
        const marker = call.param('Marker');
        const limits = {
          size: call.param('MaxItems'),
          token: marker,
          least: 1,
          most: 100,
          otherwise: 100,
          codes: { size: 'BadRequest', token: 'BadRequest' },
        };
        const { items, next } = call.page(call.items(fileSystems), limits);
        const value = { Marker: marker, FileSystems: items, NextMarker: next };
        return { schema: DescribeFileSystemsResponse$, value };
      },
    },
  ],
};
