import { DescribeKeyResponse$, ListKeysResponse$ } from '@aws-sdk/client-kms';
import { keys, managedKeys } from '../inventory/kms.ts';
import { jsonRefusals } from './json-refusals.ts';
import { type Call, type Pageable, SampleError, type Service } from './operation.ts';

/** A key's index out of its id, which begins with it. */
const indexOf = (id: string): number => Number.parseInt(id.slice(0, 8), 16);

/** The account's own keys, and behind them those that services made. */
function allKeys(call: Call): Pageable<{ KeyId: string | undefined; KeyArn: string | undefined }> {
  const own = call.items(keys);
  const managed = call.items(managedKeys);
  return {
    length: own.length + managed.length,
    slice(from, to) {
      const begin = Math.max(0, from - own.length);
      const shown = [...own.slice(from, to), ...managed.slice(begin, Math.max(begin, to - own.length))];
      return shown.map(({ KeyId, Arn }) => ({ KeyId, KeyArn: Arn }));
    },
  };
}

export const kms: Service = {
  ...jsonRefusals,
  name: 'kms',
  operations: [
    {
      name: 'ListKeys',
      run(call) {
        const { items, next } = call.page(allKeys(call), {
          size: call.param('Limit'),
          token: call.param('Marker'),
          least: 1,
          most: 1000,
          otherwise: 100,
          codes: { size: 'ValidationException', token: 'InvalidMarkerException' },
        });
        return { schema: ListKeysResponse$, value: { Keys: items, NextMarker: next, Truncated: next !== undefined } };
      },
    },
    {
      name: 'DescribeKey',
      run(call) {
        // By its id or its ARN; aliases are not known here.
        const id = (call.param('KeyId') ?? '').split('/').at(-1) ?? '';
        const found = [keys, managedKeys].map((kind) => call.items(kind).withIndex(indexOf(id)));
        const key = found.find((one) => one?.KeyId === id);
        if (key === undefined) throw new SampleError(400, 'NotFoundException', `Key '${id}' does not exist`);
        return { schema: DescribeKeyResponse$, value: { KeyMetadata: key } };
      },
    },
  ],
};
