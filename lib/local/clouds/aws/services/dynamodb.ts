import { DescribeTableOutput$, ListTablesOutput$ } from '@aws-sdk/client-dynamodb';
import { tables } from '../inventory/others.ts';
import { SampleError, type Service } from './operation.ts';

/** A table's index out of its name, which begins so that names sort by it; -1 for a name that is not one of ours. */
const indexOf = (name: string): number => Number(/^table-(\d+)-/.exec(name)?.[1] ?? -1);

export const dynamodb: Service = {
  name: 'dynamodb',
  protocol: 'json',
  namespace: 'com.amazonaws.dynamodb.v20120810',
  global: false,
  throttle: { status: 400, code: 'ThrottlingException' },
  denied: { status: 400, code: 'AccessDeniedException' },
  unknownKey: { status: 400, code: 'UnrecognizedClientException' },
  wrongSignature: { status: 400, code: 'InvalidSignatureException' },
  operations: [
    {
      name: 'ListTables',
      run(call) {
        const items = call.items(tables);
        const start = call.param('ExclusiveStartTableName');
        const from = start === undefined ? 0 : items.before(indexOf(start) + 1);
        const limit = Math.min(100, Number(call.param('Limit') ?? 100));
        const page = items.slice(from, from + limit).map((one) => one.TableName ?? '');
        const more = from + limit < items.length;
        return {
          schema: ListTablesOutput$,
          value: { TableNames: page, LastEvaluatedTableName: more ? page.at(-1) : undefined },
        };
      },
    },
    {
      name: 'DescribeTable',
      run(call) {
        const name = call.param('TableName') ?? '';
        const table = call.items(tables).withIndex(indexOf(name));
        if (table?.TableName !== name)
          throw new SampleError(400, 'ResourceNotFoundException', 'Requested resource not found');
        return { schema: DescribeTableOutput$, value: { Table: table } };
      },
    },
  ],
};
