import { createHash } from 'node:crypto';
import * as z from 'zod';

/** The template says something that the twin does not know: it must learn it, or the deployed stack would differ. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/** Where the stack is "deployed" on this machine. */
export interface Surroundings {
  readonly account: string;
  readonly region: string;
  readonly stackName: string;
  /** The URL by which a queue of that name is called. */
  queueUrl(name: string): string;
}

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  Metadata: z.record(z.string(), z.unknown()).default({}),
});

/** As much of a CloudFormation template as the twin reads. */
export const templateSchema = z.object({ Resources: z.record(z.string(), resourceSchema) });

export type Template = z.infer<typeof templateSchema>;
export type TemplateResource = z.infer<typeof resourceSchema>;

/** How a resource of one type is named, and what `Ref` and `Fn::GetAtt` give of it. */
interface Kind {
  /** The property that may hold its physical name. */
  readonly named?: string;
  ref(name: string, at: Surroundings): string;
  readonly attributes?: Readonly<Record<string, (name: string, at: Surroundings) => string>>;
}

const itself = (name: string): string => name;
const arn = (service: string, prefix = '') =>
  function arnOf(name: string, at: Surroundings): string {
    return `arn:aws:${service}:${at.region}:${at.account}:${prefix}${name}`;
  };
/** Ids that AWS would make up: random there, here derived from the name so that they are the same at every start. */
const uuidOf = (name: string): string =>
  createHash('sha256')
    .update(name)
    .digest('hex')
    .slice(0, 32)
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');

const table: Kind = { named: 'TableName', ref: itself, attributes: { Arn: arn('dynamodb', 'table/') } };
const kinds: Readonly<Record<string, Kind>> = {
  'AWS::DynamoDB::Table': table,
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::SQS::Queue': {
    named: 'QueueName',
    ref: (name, at) => at.queueUrl(name),
    attributes: { Arn: arn('sqs'), QueueName: itself, QueueUrl: (name, at) => at.queueUrl(name) },
  },
  'AWS::Lambda::Function': { named: 'FunctionName', ref: itself, attributes: { Arn: arn('lambda', 'function:') } },
  'AWS::Logs::LogGroup': {
    named: 'LogGroupName',
    ref: itself,
    attributes: { Arn: (name, at) => `${arn('logs', 'log-group:')(name, at)}:*` },
  },
  'AWS::KMS::Key': {
    ref: uuidOf,
    attributes: { KeyId: uuidOf, Arn: (name, at) => arn('kms', 'key/')(uuidOf(name), at) },
  },
  'AWS::IAM::Role': {
    named: 'RoleName',
    ref: itself,
    attributes: { Arn: (name, at) => `arn:aws:iam::${at.account}:role/${name}` },
  },
  'AWS::ApiGatewayV2::Api': { ref: (name) => uuidOf(name).slice(0, 8) },
  'AWS::ApiGatewayV2::Integration': { ref: itself },
  'AWS::Events::EventBus': {
    named: 'Name',
    ref: itself,
    attributes: { Arn: arn('events', 'event-bus/'), Name: itself },
  },
  'AWS::Events::Rule': { named: 'Name', ref: itself, attributes: { Arn: arn('events', 'rule/') } },
  'AWS::Scheduler::Schedule': {
    named: 'Name',
    ref: itself,
    attributes: { Arn: arn('scheduler', 'schedule/default/') },
  },
};

/** Resolves CloudFormation's intrinsic functions as far as our stack uses them; throws at the first one it does not know. */
export class Resolver {
  readonly #template: Template;
  readonly #at: Surroundings;

  constructor(template: Template, at: Surroundings) {
    this.#template = template;
    this.#at = at;
  }

  /** The physical name a resource has in this deployment; the same at every start, so that state finds its owner again. */
  physicalName(logicalId: string): string {
    const resource = this.#resource(logicalId);
    const property = kinds[resource.Type]?.named;
    const given = property === undefined ? undefined : this.resolve(resource.Properties[property]);
    return typeof given === 'string' ? given : `${this.#at.stackName}-${logicalId}`;
  }

  /** The value with every intrinsic in it replaced; `undefined` for `AWS::NoValue`. */
  resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((entry) => this.resolve(entry)).filter((entry) => entry !== undefined);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [first] = entries;
    if (entries.length === 1 && first !== undefined && (first[0] === 'Ref' || first[0].startsWith('Fn::'))) {
      return this.#intrinsic(first[0], first[1]);
    }
    const resolved = entries.map(([key, entry]): [string, unknown] => [key, this.resolve(entry)]);
    return Object.fromEntries(resolved.filter(([, entry]) => entry !== undefined));
  }

  #intrinsic(name: string, argument: unknown): unknown {
    switch (name) {
      case 'Ref':
        return this.#ref(z.string().parse(argument));
      case 'Fn::GetAtt': {
        const [id, attribute] = z.tuple([z.string(), z.string()]).parse(argument);
        return this.#attribute(id, attribute);
      }
      case 'Fn::Join': {
        const [separator, parts] = z.tuple([z.string(), z.unknown()]).parse(argument);
        return z.array(z.string()).parse(this.resolve(parts)).join(separator);
      }
      case 'Fn::Sub':
        return this.#substitute(argument);
      default:
        throw new TemplateError(`The local twin does not know the intrinsic function ${name}.`);
    }
  }

  #substitute(argument: unknown): string {
    const [text, given] = z
      .union([
        z.string().transform((only): [string, Record<string, unknown>] => [only, {}]),
        z.tuple([z.string(), z.record(z.string(), z.unknown())]),
      ])
      .parse(argument);
    return text.replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal === '!') return `\${${name}}`;
      if (Object.hasOwn(given, name)) return z.string().parse(this.resolve(given[name]));
      const dot = name.indexOf('.');
      return dot < 0 ? z.string().parse(this.#ref(name)) : this.#attribute(name.slice(0, dot), name.slice(dot + 1));
    });
  }

  #ref(name: string): string | undefined {
    const { account, region, stackName } = this.#at;
    const pseudo: Readonly<Record<string, string | undefined>> = {
      'AWS::AccountId': account,
      'AWS::NoValue': undefined,
      'AWS::Partition': 'aws',
      'AWS::Region': region,
      'AWS::StackName': stackName,
      'AWS::URLSuffix': 'amazonaws.com',
    };
    if (Object.hasOwn(pseudo, name)) return pseudo[name];
    return this.#kind(name).ref(this.physicalName(name), this.#at);
  }

  #attribute(logicalId: string, attribute: string): string {
    const of = this.#kind(logicalId).attributes?.[attribute];
    if (of === undefined) {
      throw new TemplateError(
        `The local twin does not know ${this.#resource(logicalId).Type}.${attribute} (${logicalId}).`,
      );
    }
    return of(this.physicalName(logicalId), this.#at);
  }

  #kind(logicalId: string): Kind {
    const { Type } = this.#resource(logicalId);
    const kind = kinds[Type];
    if (kind === undefined)
      throw new TemplateError(`The local twin does not know what refers to a ${Type} (${logicalId}).`);
    return kind;
  }

  #resource(logicalId: string): TemplateResource {
    const resource = this.#template.Resources[logicalId];
    if (resource === undefined) throw new TemplateError(`The template refers to ${logicalId}, which it does not hold.`);
    return resource;
  }
}
