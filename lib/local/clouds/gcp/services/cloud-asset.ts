import { Assets, fullName } from '../inventory/assets.ts';
import { invalid } from '../refusal.ts';
import type { Operation, Service } from './operation.ts';

/** @see https://cloud.google.com/asset-inventory/docs/reference/rest/v1/assets/list */
const listAssets: Operation = {
  name: 'assets.list',
  method: 'GET',
  path: '/v1/projects/{project}/assets',
  permission: 'cloudasset.assets.listResource',
  run(call) {
    const content = call.param('contentType') ?? 'CONTENT_TYPE_UNSPECIFIED';
    if (!['CONTENT_TYPE_UNSPECIFIED', 'RESOURCE'].includes(content))
      throw invalid('modern', 'Unsupported content type.');
    const all = new Assets(call.project, call.knobs);
    const { items, next } = call.page(all, { size: 'pageSize', most: 1000, otherwise: 100 });
    const readTime = new Date(Math.floor(Date.now() / 60_000) * 60_000).toISOString();
    return {
      readTime,
      assets: items.map((held) => ({
        name: fullName(held),
        assetType: held.kind.assetType,
        ...(content === 'RESOURCE'
          ? {
              resource: {
                version: held.kind.version,
                discoveryDocumentUri: held.kind.discovery,
                discoveryName: held.kind.assetType.split('/')[1],
                parent: `//cloudresourcemanager.googleapis.com/projects/${call.project.projectNumber}`,
                data: held.made.data,
                location: held.made.location,
              },
            }
          : {}),
        ancestors: [`projects/${call.project.projectNumber}`, 'organizations/123456789012'],
        updateTime: readTime,
      })),
      ...(next === undefined ? {} : { nextPageToken: next }),
    };
  },
};

export const cloudAsset: Service = {
  name: 'cloudasset',
  host: 'cloudasset.googleapis.com',
  style: 'modern',
  operations: [listAssets],
};
