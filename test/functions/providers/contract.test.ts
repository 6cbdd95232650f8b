import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { CloudSession, Collector, ResourcePage } from '../../../functions/domain/cloud.ts';
import { type Resource, resourceSchema } from '../../../functions/domain/resource.ts';
import { open } from '../../../functions/providers/aws/session.ts';
import { clouds } from '../../../functions/providers/registered.ts';
import { CLOUD_DEFAULTS } from '../../../functions/runtime/links.ts';
import { Secret } from '../../../functions/runtime/secret.ts';
import { environmentOf } from '../../../functions/runtime/settings.ts';

/**
 * What every registered cloud and collector must hold. A fixture is what the wire carries, page by page, modelled on
 * AWS's published examples, and the resources that a reader of it expects; the real SDK stands between.
 */
const root = resolve(import.meta.dirname, '../../..');
const CANARY = 'canary-must-not-be-kept';
const fixtureSchema = z.strictObject({
  scope: z.string(),
  /** What the request must carry, so that the page size is never left to the service; null: its list has no pages. */
  pageSize: z.string().nullable(),
  answers: z.array(
    z.strictObject({
      /** The page's token; null: the first page. */
      token: z.string().nullable(),
      /** Further text that the request must carry: which operation, which item. */
      when: z.string().optional(),
      status: z.number().default(200),
      type: z.string(),
      body: z.string(),
    }),
  ),
  resources: z.array(z.unknown()),
});
type Fixture = z.infer<typeof fixtureSchema>;

/** Fields that hold the id of an item, in XML and in JSON. */
const XML_IDS = [
  'vpcId',
  'subnetId',
  'groupId',
  'instanceId',
  'volumeId',
  'snapshotId',
  'allocationId',
  'natGatewayId',
  'networkInterfaceId',
  'internetGatewayId',
  'routeTableId',
  'vpcEndpointId',
  'launchTemplateId',
  'imageId',
  'transitGatewayArn',
  'DBInstanceArn',
  'DBClusterArn',
  'LoadBalancerArn',
  'LoadBalancerName',
  'TargetGroupArn',
  'AutoScalingGroupARN',
  'Arn',
  'Name',
  'ARN',
  'TopicArn',
  'ClusterIdentifier',
  'DBSnapshotArn',
  'StackId',
];
const JSON_IDS = [
  'AlarmArn',
  'CertificateArn',
  'FileSystemId',
  'clusterArn',
  'repositoryArn',
  'serviceArn',
  'FunctionArn',
  'TableArn',
  'ARN',
  'apiId',
  'Arn',
  'KeyId',
  'Name',
  'QueueArn',
  'StreamARN',
  'TrailARN',
  'arn',
  'id',
  'stateMachineArn',
];
const IDS = new RegExp(`<(${XML_IDS.join('|')})>[^<]*</\\1>|"(?:${JSON_IDS.join('|')})": ?"[^"]*",?`, 'g');

const fixtureOf = (name: string): Fixture =>
  fixtureSchema.parse(JSON.parse(readFileSync(join(root, `test/fixtures/aws/${name}.json`), 'utf8')));

let server: Server;
let fixture: Fixture;
let requests: string[] = [];

/** The most specific answer: describes name their item, pages their token. */
function answerTo(request: string) {
  const fits = fixture.answers.filter(
    ({ token, when }) => (token === null || request.includes(token)) && (when === undefined || request.includes(when)),
  );
  return fits.sort((a, b) => weight(b) - weight(a))[0];
}
const weight = ({ token, when }: Fixture['answers'][number]): number => (token === null ? 0 : 1) + (when?.length ?? 0);

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const said = `${request.url} ${request.headers['x-amz-target'] ?? ''} ${body}`;
      requests.push(said);
      const answer = answerTo(said);
      response.writeHead(answer?.status ?? 404, { 'content-type': answer?.type ?? 'text/plain' }).end(answer?.body);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  Object.assign(process.env, environmentOf('clouds', { ...CLOUD_DEFAULTS, awsEndpoints: [{ url }] }));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const session = () =>
  open(
    new Secret({
      v: 1,
      form: 'key',
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      region: 'eu-west-1',
    }),
    '111122223333',
  );

async function everything(page: ResourcePage): Promise<Resource[]> {
  const details = await Promise.all(page.details.map((detail) => detail()));
  return [...page.resources, ...details.flat()];
}
/** Every page from a token on to the end. */
async function readOn(collector: Collector, from: string | undefined) {
  const resources: Resource[] = [];
  let pages = 0;
  let token = from;
  do {
    const page = await collector.page(token);
    pages += 1;
    resources.push(...(await everything(page)));
    token = page.next;
  } while (token !== undefined);
  return { resources, pages };
}
async function within<T>(run: (opened: CloudSession) => Promise<T>): Promise<T> {
  const opened = session();
  try {
    return await run(opened);
  } finally {
    opened.close();
  }
}

/** How each cloud writes a permission. */
const NOTATIONS: Readonly<Record<string, RegExp>> = {
  aws: /^[a-z0-9-]+:[A-Z][A-Za-z]+$/,
  azure: /^(\*|[A-Z][A-Za-z]+(\.[A-Z][A-Za-z]+)+(\/[A-Za-z]+)+)\/(read|action)$/,
  gcp: /^[a-z]+(\.[A-Za-z]+)+$/,
  kubernetes: /^list:[a-z]+(\.[a-z0-9.]+)?$/,
};

describe('registered facts', () => {
  for (const [name, facts] of Object.entries(clouds)) {
    test(`${name} is itself, and its secret fields are fields of its body`, () => {
      expect(facts.name).toBe(name);
      expect(Object.keys(facts.body.shape)).toEqual(expect.arrayContaining([...facts.secretFields]));
    });

    test(`${name}: names, types and permissions are well-formed, and no type is answered twice`, () => {
      const types = facts.collectors.flatMap((one) => one.types);
      expect(new Set(types).size).toBe(types.length);
      for (const one of facts.collectors) {
        // What answers several types at once may be named after its call.
        if (one.types.length === 1) expect(one.types).toContain(one.name);
        for (const type of one.types) expect(type).toMatch(/^[a-z][a-z0-9_]*$/);
        expect(one.permissions.length).toBeGreaterThan(0);
        for (const permission of one.permissions) expect(permission).toMatch(NOTATIONS[name] ?? /^\S+$/);
      }
    });

    test(`${name}: every file in collectors/ is registered under its own name and has a fixture, and the reverse`, async () => {
      const files = readdirSync(join(root, `functions/providers/${name}/collectors`))
        .map((file) => file.replace(/\.ts$/, ''))
        .filter((file) => !['load', 'registered'].includes(file));
      const registry = z
        .record(z.string(), z.object({ name: z.string().optional() }))
        .parse({ ...(await import(join(root, `functions/providers/${name}/collectors/registered.ts`))) });
      expect(files.map((file) => file.replaceAll('-', '_')).sort()).toEqual(Object.keys(registry).sort());
      // A file has one collector, which is named as it is, or a group of them.
      for (const [registered, one] of Object.entries(registry)) expect(one.name ?? registered).toBe(registered);
      const names = facts.collectors.map((one) => one.name);
      const fixtures = readdirSync(join(root, `test/fixtures/${name}`)).map((file) => file.replace(/\.json$/, ''));
      expect(fixtures.sort()).toEqual([...names].sort());
    });
  }
});

for (const facts of clouds.aws.collectors) {
  describe(`aws ${facts.name}`, () => {
    test('answers what its fixture holds, page by page, and nothing that its mapping does not name', async () => {
      fixture = fixtureOf(facts.name);
      requests = [];
      const { resources, pages } = await within(async (opened) =>
        readOn(await opened.collector(facts.name, fixture.scope), undefined),
      );
      for (const resource of resources) {
        resourceSchema.parse(resource);
        expect(facts.types).toContain(resource.type);
      }
      expect(resources).toEqual(fixture.resources);
      expect(JSON.stringify(resources)).not.toContain(CANARY);
      const { pageSize } = fixture;
      if (pageSize === null) expect(pages).toBe(1);
      else expect(requests.filter((said) => said.includes(pageSize)).length).toBeGreaterThanOrEqual(2);
    });

    test('goes on from a token that another process read, where its list has pages', async () => {
      fixture = fixtureOf(facts.name);
      const next = await within(
        async (opened) => (await (await opened.collector(facts.name, fixture.scope)).page(undefined)).next,
      );
      expect(next === undefined).toBe(fixture.pageSize === null);
      if (next === undefined) return;
      const { resources: rest } = await within(async (opened) =>
        readOn(await opened.collector(facts.name, fixture.scope), next),
      );
      expect(rest.length).toBeGreaterThan(0);
      expect(fixture.resources.slice(-rest.length)).toEqual(rest);
    });

    test('an item without its id is an unexpected answer, never a silent gap', async () => {
      fixture = fixtureOf(facts.name);
      const withoutIds = fixture.answers.map((answer) => ({
        ...answer,
        body: answer.body.replaceAll(IDS, ''),
      }));
      fixture = { ...fixture, answers: withoutIds };
      await within(async (opened) => {
        const collector = await opened.collector(facts.name, fixture.scope);
        const failure = await readOn(collector, undefined).then(
          () => undefined,
          (error: unknown) => opened.classify(error, collector),
        );
        expect(failure).toMatchObject({ outcome: 'failed', code: 'UNEXPECTED_ANSWER', retryable: false });
      });
    });
  });
}

test('a collector that is not registered is refused', async () => {
  for (const name of ['nothing_like_it', '../session', 'load', 'VPC', '']) {
    await within((opened) => expect(opened.collector(name, 'eu-west-1')).rejects.toThrow());
  }
});
