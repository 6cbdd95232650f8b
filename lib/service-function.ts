import { join } from 'node:path';
import { Duration, RemovalPolicy, Stack, Token, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, CfnFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { type ICommandHooks, LogLevel, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type Capability, type CapabilityName, capabilities } from '../functions/runtime/capabilities.ts';
import { aliasArguments, BUNDLING } from './bundling.ts';
import { environmentFor, grantsFor, type Owned, type Resources } from './wiring.ts';

const PROJECT = join(import.meta.dirname, '..');

export interface ServiceFunctionProps extends Owned {
  readonly resources: Resources;
  /** The module that exports `handler`, as a path from the project's folder. */
  readonly entry: string;
  readonly needs: readonly CapabilityName[];
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  /** Whether its bundle is in parts that are loaded as needed; see `split-bundle.ts`. */
  readonly inParts?: boolean;
  /** Absent: it shares what the account has. */
  readonly reservedConcurrency?: number | undefined;
}

/** The only place a Lambda is made: one bundle, one role and one log group for each, with what it `needs` and no more. */
export class ServiceFunction extends Construct {
  readonly lambda: NodejsFunction;
  readonly role: Role;

  /** @param id a short, lasting name, such as `get-provider` or `collect-aws`. */
  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    super(scope, id);
    const { resources, entry, reservedConcurrency } = props;
    const needs = props.needs.map((name): Capability => capabilities[name]);
    const logGroup = new LogGroup(this, 'Log', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.lambda = new NodejsFunction(this, 'Function', {
      entry: join(PROJECT, entry),
      projectRoot: PROJECT,
      depsLockFilePath: join(PROJECT, 'package-lock.json'),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: Duration.seconds(props.timeoutSeconds),
      memorySize: props.memoryMb,
      role: this.role,
      logGroup,
      environment: Object.assign({}, ...needs.map((one) => environmentFor(one, resources, props))),
      ...(reservedConcurrency === undefined ? {} : { reservedConcurrentExecutions: reservedConcurrency }),
      bundling: {
        format: OutputFormat.ESM,
        target: BUNDLING.target,
        mainFields: [...BUNDLING.mainFields],
        esbuildArgs: aliasArguments(),
        minify: true,
        sourceMap: false,
        logLevel: LogLevel.WARNING,
        // Nothing is left out: the SDK that Lambda has is another version than the one that was tested.
        externalModules: [],
        banner: BUNDLING.banner,
        ...(props.inParts === true ? { commandHooks: inParts(entry) } : {}),
      },
    });
    this.allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]);
    for (const need of needs) {
      for (const { actions, arns } of grantsFor(need, resources, props)) this.allow(actions, arns);
    }
    const kms = [...new Set(needs.flatMap((need) => need.kms ?? []))];
    if (kms.length > 0) this.#allowKey(kms, resources);
    this.#describe(id, entry);
    this.#acknowledge();
  }

  /** Grants exactly these actions on exactly these ARNs. */
  allow(actions: readonly string[], arns: readonly string[]): void {
    this.role.addToPrincipalPolicy(new PolicyStatement({ actions: [...actions], resources: [...arns] }));
    for (const arn of arns) this.#acknowledgeSecrets(arn);
  }

  /** The key is used by Secrets Manager on the function's behalf, never by the function; both policies say so. */
  #allowKey(actions: string[], { data: { secretsKey } }: Resources): void {
    if (secretsKey === undefined) return;
    const conditions = {
      StringEquals: { 'kms:ViaService': `secretsmanager.${Stack.of(this).region}.amazonaws.com` },
    };
    this.role.addToPrincipalPolicy(new PolicyStatement({ actions, resources: [secretsKey.keyArn], conditions }));
    // In a key's policy, `*` is the key itself.
    secretsKey.addToResourcePolicy(
      new PolicyStatement({ principals: [this.role], actions, resources: ['*'], conditions }),
    );
  }

  /** What the local twin runs it by: the source, and a name that does not change with the template. */
  #describe(name: string, entry: string): void {
    const { defaultChild } = this.lambda.node;
    if (!(defaultChild instanceof CfnFunction)) throw new TypeError('A Lambda function is no longer a CfnFunction.');
    defaultChild.addMetadata('infraaudit:name', name);
    defaultChild.addMetadata('infraaudit:entry', entry);
  }

  #acknowledge(): void {
    Validations.of(this).acknowledge(
      {
        id: 'Serverless-LambdaDLQ',
        reason:
          'It is for asynchronous calls only. The API calls synchronously, queues have redrive policies of their own, and a tick that is lost is made good by the next one.',
      },
      {
        id: 'Serverless-LambdaTracing',
        reason: 'X-Ray can be granted on `*` only, and a trace would hold names of customers’ resources.',
      },
    );
  }

  /** cdk-nag wants each wildcard named: the random end of a secret's name is the only one there is. */
  #acknowledgeSecrets(arn: string): void {
    const { region, account } = Stack.of(this);
    const [, names] = arn.split(':secret:');
    if (names === undefined || !names.endsWith('/*')) return;
    const known = (value: string, name: string): string => (Token.isUnresolved(value) ? `<AWS::${name}>` : value);
    const place = `${known(region, 'Region')}:${known(account, 'AccountId')}`;
    Validations.of(this).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:secretsmanager:${place}:secret:${names}]`,
      reason: 'Names of customers’ secrets end in a random part that is made when a customer connects.',
    });
  }
}

/** What CDK runs after it has made a bundle that is to be in parts. */
function inParts(entry: string): ICommandHooks {
  return {
    beforeBundling: () => [],
    beforeInstall: () => [],
    afterBundling: (_, folder) => [
      `node --disable-warning=ExperimentalWarning lib/split-bundle.ts ${entry} "${folder}"`,
    ],
  };
}
