import * as z from 'zod';
import type { CollectorFacts, ResourcePage } from '../../../domain/cloud.ts';
import type { AzureClient } from '../clients.ts';
import type { AzureCollector } from '../collector.ts';
import { grantsOf, unansweredBy } from '../effective-permissions.ts';
import { answerOf, TruncatedError } from '../outcomes.ts';
import { resourceOf } from '../resource.ts';
import { TYPES } from '../types/names.ts';

/** Resource Graph shows what can be read, and only `*\/read` reads every type. */
export const facts = {
  name: 'resource_graph',
  service: 'resourcegraph',
  scope: 'subscription',
  types: Object.values(TYPES),
  open: true,
  permissions: ['Microsoft.ResourceGraph/resources/read', 'Microsoft.Authorization/permissions/read', '*/read'],
} as const satisfies CollectorFacts;

const COLUMNS = 'id, name, type, location, kind, sku, tags, zones, managedBy, identity, properties';
/**
 * The two tables, each read to its end before the next one: paging is only promised for rows that are ordered by one
 * unique column of the query, which a union of both would put to a test that nobody documents. Management groups, the
 * third kind of container, are above the subscription.
 */
const QUERIES = {
  resources: `resources | project ${COLUMNS} | order by id asc`,
  containers: `resourcecontainers | where type in~ ('microsoft.resources/subscriptions', 'microsoft.resources/subscriptions/resourcegroups') | project ${COLUMNS} | order by id asc`,
} as const;
const PAGE = 1000;

/** @see https://learn.microsoft.com/rest/api/azureresourcegraph/resourcegraph/resources/resources?view=rest-azureresourcegraph-resourcegraph-2022-10-01 */
const answerSchema = z.object({
  resultTruncated: z.enum(['true', 'false']),
  // It travels in messages, which have to stay small.
  $skipToken: z.string().max(1800).nullish(),
  data: z.array(z.unknown()),
});

/** `<table>` or `<table> <skip token>`. */
const tokenSchema = z.string().regex(/^(resources|containers)( \S+)?$/);

/** The chain of one scan: what may be read, then every page of either table. */
export const collector: AzureCollector = {
  facts,
  bind: (client, subscription) => ({
    ...facts,
    async page(token) {
      if (token !== undefined) return pageAt(client, subscription, tokenSchema.parse(token));
      const unanswered = unansweredBy(await grantsOf(client, subscription));
      // Said even if it is nothing, since it holds over what a page before said.
      return { resources: [], details: [], next: 'resources', unanswered: unanswered ?? { types: {} } };
    },
  }),
};

async function pageAt(client: AzureClient, subscription: string, token: string): Promise<ResourcePage> {
  const [table = '', skipToken] = token.split(' ');
  const key = table === 'containers' ? 'containers' : 'resources';
  const text = await client.call({
    method: 'POST',
    path: '/providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01',
    quota: facts.service,
    paged: skipToken !== undefined,
    body: {
      subscriptions: [subscription],
      query: QUERIES[key],
      options: {
        resultFormat: 'objectArray',
        $top: PAGE,
        ...(skipToken === undefined ? {} : { $skipToken: skipToken }),
      },
    },
  });
  const { data, resultTruncated, $skipToken } = answerOf(answerSchema, text);
  const more = $skipToken ? `${key} ${$skipToken}` : undefined;
  if (more === undefined && resultTruncated === 'true') throw new TruncatedError();
  const after = key === 'resources' ? 'containers' : undefined;
  return { resources: data.map(resourceOf), details: [], next: more ?? after };
}
