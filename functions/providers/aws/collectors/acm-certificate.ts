import { ACMClient, KeyAlgorithm, ListCertificatesCommand } from '@aws-sdk/client-acm';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { known } from '../../../domain/resource.ts';
import { awsCollector, fields, time } from '../collector.ts';

export const facts = {
  name: 'acm_certificate',
  service: 'acm',
  scope: 'region',
  types: ['acm_certificate'],
  permissions: ['acm:ListCertificates'],
} as const satisfies CollectorFacts;

/** Without the kinds of key the list hides ECDSA and large RSA ones. @see https://docs.aws.amazon.com/acm/latest/APIReference/API_ListCertificates.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    CertificateArn: z.string(),
    DomainName: z.string().optional(),
    SubjectAlternativeNameSummaries: z.array(z.string()).optional(),
    HasAdditionalSubjectAlternativeNames: z.boolean().optional(),
    Status: z.string().optional(),
    Type: z.string().optional(),
    KeyAlgorithm: z.string().optional(),
    InUse: z.boolean().optional(),
    Exported: z.boolean().optional(),
    RenewalEligibility: z.string().optional(),
    NotBefore: z.date().optional(),
    NotAfter: z.date().optional(),
    CreatedAt: z.date().optional(),
    ImportedAt: z.date().optional(),
  }),
  async page(aws, token) {
    const command = new ListCertificatesCommand({
      MaxItems: 1000,
      NextToken: token,
      Includes: { keyTypes: Object.values(KeyAlgorithm) },
    });
    const answer = await aws.client(ACMClient).send(command);
    return { items: answer.CertificateSummaryList, next: answer.NextToken };
  },
  toResource: (item, { region }) => ({
    external_id: item.CertificateArn,
    name: item.DomainName ?? item.CertificateArn,
    region,
    status: item.Status === 'ISSUED' ? 'active' : (item.Status ?? 'unknown').toLowerCase(),
    tags: {},
    ...time(item.CreatedAt ?? item.ImportedAt),
    configuration: fields({
      kind: item.Type?.toLowerCase(),
      names: item.SubjectAlternativeNameSummaries,
      more_names: known(item.HasAdditionalSubjectAlternativeNames),
      key_algorithm: item.KeyAlgorithm,
      valid_from: item.NotBefore?.toISOString(),
      valid_until: item.NotAfter?.toISOString(),
      in_use: known(item.InUse),
      exported: known(item.Exported),
      renewal: item.RenewalEligibility?.toLowerCase(),
    }),
  }),
}));
