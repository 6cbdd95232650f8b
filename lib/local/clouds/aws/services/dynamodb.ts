import { DescribeTableOutput$, ListTablesOutput$ } from '@aws-sdk/client-dynamodb';
import { tables } from '../inventory/others.ts';
import { SampleError, type Service } from './operation.ts';

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
        const names = call.items(tables).map((one) => one.TableName ?? '');
        const start = call.param('ExclusiveStartTableName');
        const from = start === undefined ? 0 : names.findIndex((name) => name > start);
        const limit = Math.min(100, Number(call.param('Limit') ?? 100));
        const page = from < 0 ? [] : names.slice(from, from + limit);
        const more = from >= 0 && from + limit < names.length;
        return {
          schema: ListTablesOutput$,
          value: { TableNames: page, LastEvaluatedTableName: more ? page.at(-1) : undefined },
        };
      },
    },
    {
      name: 'DescribeTable',
      run(call) {
        const table = call.items(tables).find((one) => one.TableName === call.param('TableName'));
        if (table === undefined)
          throw new SampleError(400, 'ResourceNotFoundException', 'Requested resource not found');
        return { schema: DescribeTableOutput$, value: { Table: table } };
      },
    },
  ],
};
