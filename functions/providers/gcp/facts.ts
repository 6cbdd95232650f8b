import * as z from 'zod';
import type { CostFacts } from '../../domain/cost-source.ts';
import type { CloudFacts, PermissionsDocument } from '../contract.ts';
import * as registered from './collectors/registered.ts';

const collectors = Object.values(registered);

/** What proving a key takes: a read of the project. */
export const PROJECT_PERMISSION = 'resourcemanager.projects.get';

/** The Cloud Billing export in BigQuery. @see https://cloud.google.com/billing/docs/how-to/export-data-bigquery */
export const costFacts = {
  name: 'billing_export',
  service: 'bigquery',
  permissions: ['bigquery.jobs.create', 'bigquery.tables.getData'],
  firstDays: 90,
  openDays: 3,
  openMonth: true,
  charged: 'bytes',
  // One query reads all of it: each scans from its first day to today, and is charged for that.
  atATime: 92,
} as const satisfies CostFacts;

/**
 * The custom role that a customer grants to the service account whose key is given. `bigquery.tables.getData` is needed
 * on the data set of the billing export alone, so it may be left out of the role and granted there.
 */
function permissions(): PermissionsDocument {
  const wanted = [PROJECT_PERMISSION, ...collectors.flatMap((one) => one.permissions), ...costFacts.permissions];
  const sorted = [...new Set<string>(wanted)].sort();
  const services = ['cloudresourcemanager', 'cloudasset', 'bigquery'].map((name) => `${name}.googleapis.com`);
  return {
    format: 'gcp-custom-role',
    permissions: sorted,
    document: {
      title: 'InfraAudit Read',
      description: 'Lists what a project holds and reads its billing export.',
      stage: 'GA',
      includedPermissions: sorted,
    },
    howTo: [
      `gcloud services enable ${services.join(' ')} --project=PROJECT`,
      'gcloud iam roles create infraauditRead --project=PROJECT --file=role.json',
      'gcloud iam service-accounts create infraaudit --project=PROJECT',
      'gcloud projects add-iam-policy-binding PROJECT --member=serviceAccount:infraaudit@PROJECT.iam.gserviceaccount.com --role=projects/PROJECT/roles/infraauditRead --condition=None',
      'gcloud iam service-accounts keys create key.json --iam-account=infraaudit@PROJECT.iam.gserviceaccount.com',
    ],
  };
}

/** GCP as it is known without its SDK. The key of a service account is one form of credentials. */
export const gcpFacts = {
  name: 'gcp',
  body: z.strictObject({
    /** The key file's contents as a string. */
    serviceAccountJson: z.string(),
    projectId: z.string(),
    /** The data set of the billing export; empty: costs are not configured. */
    billingDataset: z.string().optional(),
  }),
  secretFields: ['serviceAccountJson'],
  collectors,
  costs: costFacts,
  permissions,
} as const satisfies CloudFacts;
