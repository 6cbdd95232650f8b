import type { CertificateSummary } from '@aws-sdk/client-acm';
import { byBusiness, type Kind } from './kind.ts';

const YEAR_MS = 365 * 86_400_000;

export const certificates: Kind<CertificateSummary> = {
  name: 'acm_certificate',
  global: false,
  count: byBusiness([0, 1, 3, 8]),
  make({ account, region, index, random }) {
    const arn = `arn:aws:acm:${region}:${account.accountId}:certificate/${random.hex(32)}`;
    const from = random.date();
    const imported = index === 2;
    const names = [`www.example-${index}.com`, `api.example-${index}.com`];
    const item: CertificateSummary = {
      CertificateArn: arn,
      DomainName: `example-${index}.com`,
      SubjectAlternativeNameSummaries: names,
      HasAdditionalSubjectAlternativeNames: false,
      Status: index === 5 ? 'EXPIRED' : 'ISSUED',
      Type: imported ? 'IMPORTED' : 'AMAZON_ISSUED',
      // Half of them the list shows only to who asks for these kinds of key.
      KeyAlgorithm: index % 2 === 0 ? 'RSA_2048' : random.pick('EC_prime256v1', 'RSA_4096'),
      KeyUsages: ['DIGITAL_SIGNATURE'],
      ExtendedKeyUsages: ['TLS_WEB_SERVER_AUTHENTICATION'],
      InUse: random.chance(0.7),
      RenewalEligibility: imported ? 'INELIGIBLE' : 'ELIGIBLE',
      NotBefore: from,
      NotAfter: new Date(from.getTime() + YEAR_MS),
      CreatedAt: from,
      ...(imported ? { ImportedAt: from } : { IssuedAt: from }),
    };
    return { type: 'acm_certificate', arn, item };
  },
  alter: (item, turn) => ({ ...item, NotAfter: new Date(Date.UTC(2027, 0, turn)) }),
};
