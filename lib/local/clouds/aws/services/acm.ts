import { ListCertificatesResponse$ } from '@aws-sdk/client-acm';
import { certificates } from '../inventory/acm.ts';
import { jsonRefusals } from './json-refusals.ts';
import type { Service } from './operation.ts';

/** Without a filter only these kinds of key are shown. */
const SHOWN = ['RSA_1024', 'RSA_2048'];

export const acm: Service = {
  ...jsonRefusals,
  name: 'acm',
  operations: [
    {
      name: 'ListCertificates',
      run(call) {
        const asked = call.list('Includes.keyTypes');
        const kinds = asked.length > 0 ? asked : SHOWN;
        const limits = {
          size: call.param('MaxItems'),
          token: call.param('NextToken'),
          least: 1,
          most: 1000,
          otherwise: 100,
          codes: { size: 'ValidationException', token: 'ValidationException' },
        };
        // A page may hold fewer than its size, and none at all, with more to come.
        const { items, next } = call.page(call.items(certificates), limits);
        const shown = items.filter(({ KeyAlgorithm = '' }) => kinds.includes(KeyAlgorithm));
        return { schema: ListCertificatesResponse$, value: { CertificateSummaryList: shown, NextToken: next } };
      },
    },
  ],
};
