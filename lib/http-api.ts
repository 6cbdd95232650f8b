import { CfnOutput, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { CfnApi, CfnIntegration, CfnRoute, CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { BASE_PATH, type Route, routes } from '../functions/http/routes.ts';
import { ServiceFunction } from './service-function.ts';
import type { Resources } from './wiring.ts';

const MEMORY_MB = 512;
/** Requests per second and burst that the whole API takes: the brake in front of functions that check tokens. */
const STAGE_THROTTLE = { throttlingRateLimit: 50, throttlingBurstLimit: 100 } as const;

/** No query string and no header: either may hold a token. Each value is text, since the gateway puts `-` for none. */
const ACCESS_LOG = JSON.stringify({
  request_id: '$context.requestId',
  time: '$context.requestTimeEpoch',
  ip: '$context.identity.sourceIp',
  route: '$context.routeKey',
  status: '$context.status',
  latency_ms: '$context.responseLatency',
  integration_latency_ms: '$context.integrationLatency',
});

/**
 * The HTTP API: one Lambda for each entry of the route registry, or one for each cloud where the path names it.
 * Written with the resources themselves, because the constructs above them refuse a path with a trailing slash.
 */
export class HttpApi extends Construct {
  readonly #api: CfnApi;
  readonly accessLog: LogGroup;
  readonly #resources: Resources;
  readonly #throttles: Record<string, object> = {};

  constructor(scope: Construct, id: string, resources: Resources, clouds: readonly string[]) {
    super(scope, id);
    this.#resources = resources;
    const { allowedOrigins } = resources.settings;
    const { stackName } = Stack.of(this);
    const api = new CfnApi(this, 'Api', {
      name: stackName,
      protocolType: 'HTTP',
      ...(allowedOrigins.length === 0 ? {} : { corsConfiguration: cors(allowedOrigins) }),
    });
    this.#api = api;
    this.accessLog = new LogGroup(this, 'AccessLog', {
      // The gateway writes itself into a resource policy for each group that is not below this prefix; those are few.
      logGroupName: `/aws/vendedlogs/apis/${stackName}`,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const stage = new CfnStage(this, 'Stage', {
      apiId: api.ref,
      stageName: '$default',
      autoDeploy: true,
      accessLogSettings: { destinationArn: this.accessLog.logGroupArn, format: ACCESS_LOG },
      defaultRouteSettings: STAGE_THROTTLE,
      routeSettings: this.#throttles,
    });
    const registry: readonly Route[] = Object.values(routes);
    for (const route of registry) {
      const made = route.path.includes('{cloud}')
        ? clouds.flatMap((cloud) => this.#endpoint(route, cloud))
        : this.#endpoint(route);
      // A stage cannot be given the throttle of a route that is not there yet.
      for (const one of made) stage.addResourceDependency(one);
    }
    new CfnOutput(this, 'Url', { value: `${api.attrApiEndpoint}${BASE_PATH}`, description: 'Where the API is called' });
  }

  #endpoint(route: Route, cloud?: string): readonly CfnRoute[] {
    const name = cloud === undefined ? route.file : `${route.file}-${cloud}`;
    const { lambda } = new ServiceFunction(this, name, {
      resources: this.#resources,
      entry:
        cloud === undefined
          ? `functions/http/${route.file}.ts`
          : `functions/providers/${cloud}/${route.file}.lambda.ts`,
      needs: route.needs,
      timeoutSeconds: route.timeoutSeconds,
      memoryMb: MEMORY_MB,
      reservedConcurrency: this.#resources.settings.reservedConcurrency,
      cloud,
      secretsOf: cloud,
    });
    lambda.addPermission('Gateway', {
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: Stack.of(this).formatArn({ service: 'execute-api', resource: this.#api.ref, resourceName: '*/*' }),
    });
    const integration = new CfnIntegration(this, `${name}-integration`, {
      apiId: this.#api.ref,
      integrationType: 'AWS_PROXY',
      integrationUri: lambda.functionArn,
      payloadFormatVersion: '2.0',
    });
    return routeKeys(route, cloud).map((routeKey, n) =>
      this.#route(`${name}-route-${n}`, routeKey, route, integration),
    );
  }

  #route(id: string, routeKey: string, { throttle }: Route, integration: CfnIntegration): CfnRoute {
    const route = new CfnRoute(this, id, {
      apiId: this.#api.ref,
      routeKey,
      target: `integrations/${integration.ref}`,
      authorizationType: 'NONE',
    });
    Validations.of(route).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason:
        'endpoint() checks the token before it reads a byte of the body. An authorizer would answer a bad token with a 403 that cannot be changed, and the gateway’s own knows RSA only.',
    });
    if (throttle !== undefined) {
      // Taken as it is, so in CloudFormation's spelling.
      this.#throttles[routeKey] = { ThrottlingRateLimit: throttle.rate, ThrottlingBurstLimit: throttle.burst };
    }
    return route;
  }
}

/** A path is served with a trailing slash too, which to the gateway is another route. */
function routeKeys({ method, path }: Route, cloud = ''): readonly string[] {
  if (path === '$default') return [path];
  const full = `${BASE_PATH}${path.replace('{cloud}', cloud)}`.replace(/\/$/, '');
  return [`${method} ${full}`, `${method} ${full}/`];
}

/** The gateway answers preflights and writes these headers itself, over whatever a function says. */
function cors(allowedOrigins: readonly string[]): CfnApi.CorsProperty {
  const registry: readonly Route[] = Object.values(routes);
  const methods = new Set(registry.map(({ method }) => method).filter((method) => method !== 'ANY'));
  return {
    allowOrigins: [...allowedOrigins],
    allowMethods: [...methods],
    allowHeaders: ['authorization', 'content-type', 'idempotency-key'],
    exposeHeaders: [
      'link',
      'retry-after',
      'x-ratelimit-limit',
      'x-ratelimit-remaining',
      'x-ratelimit-reset',
      'x-total-count',
    ],
    maxAge: 600,
  };
}
