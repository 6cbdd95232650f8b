import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { AccountRootPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { DeploymentSettings } from './deployment-settings.ts';

/** The sparse index that says which providers somebody must look at. */
export const DUE_INDEX = 'due';

/** What a deletion of the stack leaves behind: the table, the key that seals customers' secrets, the audit log. */
export class Data extends Construct {
  readonly table: Table;
  /** Absent where the deployment takes the AWS-managed key, whose policy lets in whoever may read the secret. */
  readonly secretsKey: Key | undefined;
  readonly auditLog: LogGroup;
  /** Where others hear of connects, syncs and disconnects. */
  readonly eventBus: EventBus;

  constructor(scope: Construct, id: string, settings: DeploymentSettings) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      timeToLiveAttribute: 'expires_at',
    });
    this.table.addGlobalSecondaryIndex({
      indexName: DUE_INDEX,
      partitionKey: { name: 'due_pk', type: AttributeType.STRING },
      sortKey: { name: 'due_at', type: AttributeType.STRING },
      projectionType: ProjectionType.KEYS_ONLY,
    });
    this.secretsKey = settings.secretsKey === 'customer-managed' ? this.#key() : undefined;
    this.auditLog = new LogGroup(this, 'AuditLog', {
      retention: RetentionDays.THIRTEEN_MONTHS,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.eventBus = new EventBus(this, 'Events', { description: `Events of ${Stack.of(this).stackName}` });
    new CfnOutput(this, 'EventBusName', {
      value: this.eventBus.eventBusName,
      description: 'Where connects, syncs and disconnects are told',
    });
  }

  /** A key that the account's administrators can manage but not use: each function that may use it says so itself. */
  #key(): Key {
    const { stackName } = Stack.of(this);
    return new Key(this, 'SecretsKey', {
      alias: `${stackName}/customer-secrets`,
      description: `Seals the cloud credentials that customers of ${stackName} connected`,
      enableKeyRotation: true,
      pendingWindow: Duration.days(30),
      removalPolicy: RemovalPolicy.RETAIN,
      policy: new PolicyDocument({
        statements: [
          new PolicyStatement({
            sid: 'AdministrationOnly',
            principals: [new AccountRootPrincipal()],
            actions: ADMINISTRATION,
            resources: ['*'],
          }),
        ],
      }),
    });
  }
}

/** Without `kms:Decrypt`, `kms:GenerateDataKey` and `kms:CreateGrant`, by which the account would get at the secrets. */
const ADMINISTRATION = [
  'kms:CancelKeyDeletion',
  'kms:CreateAlias',
  'kms:DeleteAlias',
  'kms:DescribeKey',
  'kms:DisableKey',
  'kms:DisableKeyRotation',
  'kms:EnableKey',
  'kms:EnableKeyRotation',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:ListAliases',
  'kms:ListGrants',
  'kms:ListKeyPolicies',
  'kms:ListKeyRotations',
  'kms:ListResourceTags',
  'kms:PutKeyPolicy',
  'kms:RevokeGrant',
  'kms:RotateKeyOnDemand',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateAlias',
  'kms:UpdateKeyDescription',
];
