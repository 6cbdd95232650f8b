import * as z from 'zod';
import { invalid, refusal } from '../refusal.ts';
import { listDatasets } from './datasets.ts';
import type { Call, Operation, Service } from './operation.ts';

/** @see https://cloud.google.com/resource-manager/reference/rest/v3/projects/get */
const getProject: Operation = {
  name: 'projects.get',
  method: 'GET',
  path: '/v3/projects/{project}',
  permission: 'resourcemanager.projects.get',
  run: ({ project }) => ({
    name: `projects/${project.projectNumber}`,
    parent: 'organizations/123456789012',
    projectId: project.projectId,
    state: 'ACTIVE',
    displayName: 'Sample project',
    createTime: '2024-01-15T10:00:00.000Z',
    updateTime: '2024-01-15T10:00:00.000Z',
    etag: 'W/"sample"',
    labels: { env: 'prod' },
  }),
};

const asked = z.object({ permissions: z.array(z.string()).min(1) });

/** Which of the permissions asked for the caller has: it takes none itself. */
const testIamPermissions: Operation = {
  name: 'projects.testIamPermissions',
  method: 'POST',
  path: '/v3/projects/{project}:testIamPermissions',
  permission: '',
  run(call) {
    const parsed = asked.safeParse(call.body);
    if (!parsed.success) throw invalid('modern', 'Request contains an invalid argument.');
    const granted = parsed.data.permissions.filter((one) => isGranted(call, one));
    return granted.length === 0 ? {} : { permissions: granted };
  },
};

function isGranted(call: Call, permission: string): boolean {
  if (permission !== listDatasets.permission) {
    const message = `Permission ${permission} is not valid for this resource.`;
    throw refusal('modern', { status: 400, word: 'INVALID_ARGUMENT', message, legacy: 'invalid' });
  }
  return !call.denies('bigquery', listDatasets.name);
}

export const resourceManager: Service = {
  name: 'cloudresourcemanager',
  host: 'cloudresourcemanager.googleapis.com',
  style: 'modern',
  operations: [getProject, testIamPermissions],
};
