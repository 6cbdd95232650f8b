import { ListSecretsResponse$ } from '@aws-sdk/client-secrets-manager';
import { secrets } from '../inventory/secretsmanager.ts';
import { jsonRefusals } from './json-refusals.ts';
import type { Service } from './operation.ts';

export const secretsmanager: Service = {
  ...jsonRefusals,
  name: 'secretsmanager',
  operations: [
    {
      name: 'ListSecrets',
      run(call) {
        const { items, next } = call.page(call.items(secrets), {
          size: call.param('MaxResults'),
          token: call.param('NextToken'),
          least: 1,
          most: 100,
          otherwise: 100,
          codes: { size: 'ValidationException', token: 'InvalidNextTokenException' },
        });
        return { schema: ListSecretsResponse$, value: { SecretList: items, NextToken: next } };
      },
    },
  ],
};
