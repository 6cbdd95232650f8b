import * as z from 'zod';
import { Resolver, type Surroundings, TemplateError, type TemplateResource, templateSchema } from './resolver.ts';
import {
  apiProperties,
  functionMetadata,
  functionProperties,
  integrationProperties,
  queueProperties,
  routeProperties,
  ruleProperties,
  schedulerProperties,
  sourceProperties,
  stageProperties,
  tableProperties,
} from './template-shapes.ts';

/** What runs when: a rule's or a schedule's target. */
export interface ScheduleModel {
  readonly arn: string;
  readonly source: 'aws.events' | 'aws.scheduler';
  readonly everyMinutes: number;
  readonly functionArn: string;
  readonly input: string | undefined;
}

/** The deployed stack, read from its template: all that the twin runs. */
export type StackModel = ReturnType<typeof readTemplate>;
export type FunctionModel = StackModel['functions'][number];
export type QueueModel = StackModel['queues'][number];
export type EventSourceModel = StackModel['eventSources'][number];
export type RouteModel = StackModel['routes'][number];
export type TableModel = StackModel['table'];

/**
 * Reads a synthesized template as the twin deploys it.
 * @throws TemplateError at an intrinsic or attribute it does not know; ZodError at a property that is not as expected.
 */
export function readTemplate(template: unknown, at: Surroundings) {
  const parsed = templateSchema.parse(template);
  const resolver = new Resolver(parsed, at);
  /** Reads only the properties a schema names, so that roles, code and encryption need not be understood. */
  const properties = <S extends z.ZodObject>(schema: S, { Properties }: TemplateResource): z.infer<S> => {
    const wanted = Object.keys(schema.shape).filter((key) => Object.hasOwn(Properties, key));
    return schema.parse(Object.fromEntries(wanted.map((key) => [key, resolver.resolve(Properties[key])])));
  };
  const all = <S extends z.ZodObject>(types: readonly string[], schema: S) =>
    Object.entries(parsed.Resources)
      .filter(([, resource]) => types.includes(resource.Type))
      .map(([id, resource]) => ({ id, name: resolver.physicalName(id), resource, is: properties(schema, resource) }));
  const arnOf = (id: string): string => z.string().parse(resolver.resolve({ 'Fn::GetAtt': [id, 'Arn'] }));

  const [api] = all(['AWS::ApiGatewayV2::Api'], apiProperties);
  const functions = all(['AWS::Lambda::Function'], functionProperties)
    // Helpers that CDK brings along (log retention, say) do their work at deployment, not after it.
    .filter(({ resource }) => Object.hasOwn(resource.Metadata, 'infraaudit:name'))
    .map(({ id, name, resource, is }) => {
      const metadata = functionMetadata.parse(resource.Metadata);
      return {
        name: metadata['infraaudit:name'],
        entry: metadata['infraaudit:entry'],
        physicalName: name,
        arn: arnOf(id),
        handler: is.Handler.slice(is.Handler.lastIndexOf('.') + 1),
        timeoutSeconds: is.Timeout,
        memoryMb: is.MemorySize,
        environment: is.Environment?.Variables ?? {},
        logGroup: is.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`,
      };
    });
  const queues = all(['AWS::SQS::Queue'], queueProperties).map(({ id, name, resource, is }) => ({
    id: givenName(resource) ?? id,
    name,
    arn: arnOf(id),
    url: at.queueUrl(name),
    visibilitySeconds: is.VisibilityTimeout,
    delaySeconds: is.DelaySeconds,
    retentionSeconds: is.MessageRetentionPeriod,
    maximumBytes: is.MaximumMessageSize,
    redrive: is.RedrivePolicy,
  }));
  const eventSources = all(['AWS::Lambda::EventSourceMapping'], sourceProperties)
    .filter(({ is }) => is.Enabled)
    .map(({ id, is }) => ({
      id,
      queue: found(
        queues.find((queue) => queue.arn === is.EventSourceArn),
        is.EventSourceArn,
      ),
      function: found(
        functions.find((f) => [f.arn, f.physicalName].includes(is.FunctionName)),
        is.FunctionName,
      ).name,
      batchSize: is.BatchSize,
      // Without a limit of its own a source takes what the account has.
      maxConcurrency: is.ScalingConfig?.MaximumConcurrency ?? 1000,
      partialFailures: is.FunctionResponseTypes.length > 0,
    }));
  const integrations = all(['AWS::ApiGatewayV2::Integration'], integrationProperties);
  const [stage] = all(['AWS::ApiGatewayV2::Stage'], stageProperties);
  const routes = all(['AWS::ApiGatewayV2::Route'], routeProperties).map(({ is }) => {
    const integration = found(
      integrations.find(({ name }) => is.Target === `integrations/${name}`),
      is.Target,
    ).is;
    const throttle = { ...stage?.is.DefaultRouteSettings, ...stage?.is.RouteSettings[is.RouteKey] };
    return {
      key: is.RouteKey,
      function: found(
        functions.find(({ arn }) => integration.IntegrationUri === arn),
        integration.IntegrationUri,
      ).name,
      timeoutMs: integration.TimeoutInMillis,
      throttle: { perSecond: throttle.ThrottlingRateLimit, burst: throttle.ThrottlingBurstLimit },
    };
  });
  const [table, ...more] = all(['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'], tableProperties);
  if (table === undefined || more.length > 0)
    throw new TemplateError('The local twin wants a stack with exactly one table.');
  const schedules = [
    ...all(['AWS::Events::Rule'], ruleProperties).flatMap(({ id, is }) =>
      is.ScheduleExpression === undefined
        ? []
        : is.Targets.map((target) => schedule('aws.events', arnOf(id), is.ScheduleExpression, target)),
    ),
    ...all(['AWS::Scheduler::Schedule'], schedulerProperties).map(({ id, is }) =>
      schedule('aws.scheduler', arnOf(id), is.ScheduleExpression, is.Target),
    ),
  ].filter(({ functionArn }) => functions.some(({ arn }) => arn === functionArn));
  const logGroups = all(['AWS::Logs::LogGroup'], z.object({})).map(({ name }) => name);
  const eventBuses = all(['AWS::Events::EventBus'], z.object({})).map(({ name }) => name);
  return {
    functions,
    queues,
    eventSources,
    routes,
    cors: api?.is.CorsConfiguration,
    table: { name: table.name, ...table.is },
    schedules,
    logGroups,
    eventBuses,
  };
}

/** What the stack's source calls a resource: `failed-tasks` of the path `stack/Queues/failed-tasks/Resource`. */
function givenName({ Metadata }: TemplateResource): string | undefined {
  return z.string().optional().parse(Metadata['aws:cdk:path'])?.split('/').at(-2);
}

function found<T>(value: T | undefined, name: string): T {
  if (value === undefined)
    throw new TemplateError(`The template refers to ${name}, which the local twin does not run.`);
  return value;
}

function schedule(
  source: ScheduleModel['source'],
  arn: string,
  expression: string | undefined,
  target: { Arn: string; Input?: string | undefined },
): ScheduleModel {
  const minutes = /^rate\((\d+) minutes?\)$/.exec(expression ?? '')?.[1];
  if (minutes === undefined)
    throw new TemplateError(`The local twin's clock does not know the schedule ${expression}.`);
  return { arn, source, everyMinutes: Number(minutes), functionArn: target.Arn, input: target.Input };
}
