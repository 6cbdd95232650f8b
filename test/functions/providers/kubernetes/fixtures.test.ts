import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { type Resource, resourceSchema } from '../../../../functions/domain/resource.ts';
import type { ApiRequest } from '../../../../functions/providers/kubernetes/clients.ts';
import { loadCollector } from '../../../../functions/providers/kubernetes/collectors/load.ts';
import { UnexpectedAnswerError } from '../../../../functions/providers/kubernetes/errors.ts';
import { kubernetesFacts } from '../../../../functions/providers/kubernetes/facts.ts';
import { CANARY } from '../../../../lib/local/clouds/sample-cloud.ts';

/**
 * The examples of Kubernetes' own pages, as a real API server (1.36) lists them: taken from it by the peer tests' cluster,
 * with ids and times made plain and lists of several cut into two pages.
 */
const fixtureSchema = z.strictObject({
  path: z.string(),
  accept: z.string(),
  pages: z.array(
    z.looseObject({ metadata: z.looseObject({ continue: z.string().optional() }), items: z.array(z.unknown()) }),
  ),
  resources: z.array(z.unknown()),
});
const fixtureOf = (name: string) =>
  fixtureSchema.parse(
    JSON.parse(readFileSync(resolve(import.meta.dirname, `../../../fixtures/kubernetes/${name}.json`), 'utf8')),
  );

/** Reads a fixture's pages by its collector, whose calls are answered by their place. */
async function read(name: string, pages: readonly unknown[]) {
  const asked: ApiRequest[] = [];
  const collector = loadCollector(name).bind({
    async call(request) {
      asked.push(request);
      return pages[asked.length - 1];
    },
    close: () => undefined,
  });
  const resources: Resource[] = [];
  let token: string | undefined;
  do {
    const page = await collector.page(token);
    resources.push(...page.resources);
    token = page.next;
  } while (token !== undefined);
  return { asked, resources };
}

const without = (pages: readonly { readonly items: readonly unknown[] }[], field: string): unknown[] =>
  pages.map((page) => ({
    ...page,
    items: z
      .array(z.looseObject({ metadata: z.record(z.string(), z.unknown()) }))
      .parse(page.items)
      .map((item) => ({ ...item, metadata: { ...item.metadata, [field]: undefined } })),
  }));

for (const { name } of kubernetesFacts.collectors) {
  describe(name, () => {
    const fixture = fixtureOf(name);

    test('answers what its fixture holds, page by page, and nothing that its mapping does not name', async () => {
      const { asked, resources } = await read(name, fixture.pages);
      expect(resources).toEqual(fixture.resources);
      for (const resource of resources) resourceSchema.parse(resource);
      expect(JSON.stringify(fixture.pages)).toContain(CANARY);
      expect(JSON.stringify(resources)).not.toContain(CANARY);
      expect(asked).toEqual(
        fixture.pages.map((_, n) => ({
          path: fixture.path,
          query: {
            limit: '500',
            ...(n === 0 ? {} : { continue: fixture.pages[n - 1]?.metadata.continue }),
          },
          ...(fixture.accept === 'application/json' ? {} : { accept: fixture.accept }),
        })),
      );
    });

    test('an object without its name or UID is an unexpected answer, never a silent gap', async () => {
      for (const field of ['name', 'uid']) {
        await expect(read(name, without(fixture.pages, field))).rejects.toThrow(UnexpectedAnswerError);
      }
    });

    test('an answer that is no list is unexpected', async () => {
      for (const answer of [
        {},
        [],
        null,
        'x',
        { items: [] },
        { metadata: {}, items: null },
        { metadata: {}, items: {} },
      ]) {
        await expect(read(name, [answer])).rejects.toThrow(UnexpectedAnswerError);
      }
    });

    test('an object that is being deleted says so', async () => {
      const [page] = fixture.pages;
      const items = z.array(z.looseObject({ metadata: z.looseObject({}) })).parse(page?.items ?? []);
      const leaving = items.map((item) => ({
        ...item,
        metadata: { ...item.metadata, deletionTimestamp: '2026-11-21T00:00:00Z' },
      }));
      const { resources } = await read(name, [{ metadata: {}, items: leaving }]);
      expect(new Set(resources.map(({ status }) => status))).toEqual(new Set(['terminating']));
    });
  });
}

describe('pages that are too large', () => {
  test('are asked for again in smaller ones, and given up when the smallest is too large', async () => {
    const { RefusedError } = await import('../../../../functions/providers/kubernetes/errors.ts');
    const limits: (string | undefined)[] = [];
    const collector = loadCollector('k8s_config_map').bind({
      async call({ query }) {
        limits.push(query?.limit);
        throw new RefusedError('ANSWER_TOO_LARGE', true);
      },
      close: () => undefined,
    });
    for (const smaller of [true, true, false]) {
      await expect(collector.page(undefined)).rejects.toMatchObject({ code: 'ANSWER_TOO_LARGE', smaller });
    }
    expect(limits).toEqual(['500', '50', '5']);
  });

  test('a secret’s data in an answer that should have none is refused, not dropped', async () => {
    const { pages } = fixtureOf('k8s_secret');
    const items = z.array(z.looseObject({})).parse(pages[0]?.items);
    const full = items.map((item) => ({ ...item, data: { password: 'eA==' } }));
    await expect(read('k8s_secret', [{ metadata: {}, items: full }])).rejects.toThrow(UnexpectedAnswerError);
  });
});
