import { expect, test } from 'vitest';
import { z } from 'zod';
import { BASE_PATH, type Route, routes } from '../../functions/http/routes.ts';
import { clouds } from '../../functions/providers/registered.ts';
import { SETTINGS, synthesized } from './synthesized.ts';

const names = Object.keys(clouds);
const registry: readonly Route[] = Object.values(routes);
const template = synthesized();

/** Every route key that the registry asks for, with the function that serves it. */
const expected = registry.flatMap((route) => {
  if (route.path === '$default') return [{ key: '$default', name: route.file, route }];
  const each = route.path.includes('{cloud}') ? names : [undefined];
  return each.flatMap((cloud) => {
    const path = `${BASE_PATH}${route.path.replace('{cloud}', cloud ?? '')}`.replace(/\/$/, '');
    const name = cloud === undefined ? route.file : `${route.file}-${cloud}`;
    return [path, `${path}/`].map((one) => ({ key: `${route.method} ${one}`, name, route }));
  });
});

const routeSchema = z.looseObject({ RouteKey: z.string(), Target: z.string(), AuthorizationType: z.string() });
const given = template
  .all('AWS::ApiGatewayV2::Route')
  .map(({ Properties }) => routeSchema.parse(template.resolved(Properties)));
const stageSchema = z.looseObject({
  RouteSettings: z.record(z.string(), z.unknown()),
  AccessLogSettings: z.object({ Format: z.string() }),
});
const [stage] = template.all('AWS::ApiGatewayV2::Stage');
const stageProperties = stageSchema.parse(template.resolved({ ...stage?.Properties, ApiId: '' }));

test('every registered route is served, with and without a trailing slash, and no other', () => {
  expect(given.map(({ RouteKey }) => RouteKey).sort()).toEqual(expected.map(({ key }) => key).sort());
});

test.each(expected)('$key calls its own function in payload format 2.0', ({ key, name }) => {
  const target = given.find(({ RouteKey }) => RouteKey === key)?.Target ?? '';
  const integrations = template.all('AWS::ApiGatewayV2::Integration');
  const integration = integrations.find(({ id }) => target.endsWith(id));
  expect(template.resolved({ ...integration?.Properties, ApiId: '' })).toMatchObject({
    IntegrationType: 'AWS_PROXY',
    PayloadFormatVersion: '2.0',
    IntegrationUri: template.arn(`Api/${name}/Function`),
  });
});

test('no route has an authorizer: the function checks the token', () => {
  expect(new Set(given.map(({ AuthorizationType }) => AuthorizationType))).toEqual(new Set(['NONE']));
  expect(template.all('AWS::ApiGatewayV2::Authorizer')).toEqual([]);
});

test('the stage throttles all calls, and each route that its registry brakes', () => {
  expect(stageProperties).toMatchObject({
    StageName: '$default',
    AutoDeploy: true,
    DefaultRouteSettings: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
  });
  const throttled = expected.flatMap(({ key, route: { throttle } }) =>
    throttle === undefined
      ? []
      : [[key, { ThrottlingRateLimit: throttle.rate, ThrottlingBurstLimit: throttle.burst }] as const],
  );
  expect(throttled.length).toBeGreaterThan(0);
  expect(stageProperties.RouteSettings).toEqual(Object.fromEntries(throttled));
});

test('the stage waits for the routes whose throttle it sets', () => {
  const ids = template.all('AWS::ApiGatewayV2::Route').map(({ id }) => id);
  expect(stage?.DependsOn).toEqual(expect.arrayContaining(ids));
});

test('the access log is JSON and holds no header, no query string and no path as it was called', () => {
  const format: unknown = JSON.parse(stageProperties.AccessLogSettings.Format);
  expect(Object.values(z.record(z.string(), z.string()).parse(format)).sort()).toEqual([
    '$context.identity.sourceIp',
    '$context.integrationLatency',
    '$context.requestId',
    '$context.requestTimeEpoch',
    '$context.responseLatency',
    '$context.routeKey',
    '$context.status',
  ]);
});

test('only this API may call a function', () => {
  const permissions = template.all('AWS::Lambda::Permission').map(({ Properties }) => Properties);
  const gateway = permissions.filter(({ Principal }) => Principal === 'apigateway.amazonaws.com');
  expect(gateway).toHaveLength(new Set(expected.map(({ name }) => name)).size);
  const [api] = template.all('AWS::ApiGatewayV2::Api');
  const of = `arn:aws:execute-api:eu-central-1:111111111111:${template.resolved({ Ref: api?.id })}/*/*`;
  for (const { SourceArn } of gateway) expect(template.resolved(SourceArn)).toBe(of);
});

test('without allowed origins there is no CORS at all', () => {
  expect(template.all('AWS::ApiGatewayV2::Api')[0]?.Properties).not.toHaveProperty('CorsConfiguration');
});

test('with allowed origins the gateway answers preflights for them and for the methods that exist', () => {
  const { all } = synthesized({ ...SETTINGS, allowedOrigins: 'https://app.test' });
  const methods = new Set(registry.map(({ method }) => method).filter((method) => method !== 'ANY'));
  expect(all('AWS::ApiGatewayV2::Api')[0]?.Properties.CorsConfiguration).toMatchObject({
    AllowOrigins: ['https://app.test'],
    AllowMethods: [...methods],
    AllowHeaders: ['authorization', 'content-type', 'idempotency-key'],
  });
});
