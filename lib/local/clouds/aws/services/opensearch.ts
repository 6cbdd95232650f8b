import { DescribeDomainsResponse$, ListDomainNamesResponse$ } from '@aws-sdk/client-opensearch';
import { domains } from '../inventory/opensearch.ts';
import { SampleError, type Service } from './operation.ts';

/** Domains that one call may name. */
const MOST = 5;

/** A domain's index out of its name; -1 for a name that is not one of ours. */
const indexOf = (name: string): number => Number(/^domain-(\d+)$/.exec(name)?.[1] ?? -1);

export const opensearch: Service = {
  name: 'es',
  protocol: 'rest-json',
  namespace: '',
  global: false,
  throttle: { status: 429, code: 'ThrottlingException' },
  denied: { status: 403, code: 'AccessDeniedException' },
  unknownKey: { status: 403, code: 'UnrecognizedClientException' },
  wrongSignature: { status: 403, code: 'InvalidSignatureException' },
  operations: [
    {
      name: 'ListDomainNames',
      rest: { method: 'GET', path: '/2021-01-01/domain' },
      run(call) {
        const all = call.items(domains);
        const names = all.slice(0, all.length).map(({ DomainName }) => ({ DomainName, EngineType: 'OpenSearch' }));
        return { schema: ListDomainNamesResponse$, value: { DomainNames: names } };
      },
    },
    {
      name: 'DescribeDomains',
      rest: { method: 'POST', path: '/2021-01-01/opensearch/domain-info' },
      run(call) {
        const names = call.list('DomainNames');
        if (names.length > MOST) {
          throw new SampleError(400, 'ValidationException', `Please provide a maximum of ${MOST} domain names.`);
        }
        const found = names.flatMap((name) => call.items(domains).withIndex(indexOf(name)) ?? []);
        return { schema: DescribeDomainsResponse$, value: { DomainStatusList: found } };
      },
    },
  ],
};
