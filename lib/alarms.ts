import { CfnOutput, Stack, Validations } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

export interface AlarmProps {
  /** What it means when it rings, in one sentence. */
  readonly means: string;
  /** The section of README.md that says what to do. */
  readonly runbook: `runbook-${string}`;
  readonly metric: IMetric;
  /** Rings at this value and above; with `below`, under it. */
  readonly threshold: number;
  readonly below?: true;
  /** Periods of the metric that must be so. */
  readonly periods?: number;
  /** What no data means: usually that nothing happened. */
  readonly missing?: TreatMissingData;
}

/** The only door for alarms: none without a meaning and a place to read on, and one topic tells of them all. */
export class Alarms extends Construct {
  readonly #topic: Topic;

  constructor(scope: Construct, id: string, alarmEmail: string | undefined) {
    super(scope, id);
    // There is always one, so that others than a mailbox can subscribe to it.
    this.#topic = new Topic(this, 'Topic', { enforceSSL: true });
    // A topic's own policy takes the place of the default one, which would have let alarms in.
    this.#topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.#topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    if (alarmEmail !== undefined) this.#mail(alarmEmail);
    new CfnOutput(this, 'TopicArn', { value: this.#topic.topicArn, description: 'Where alarms are published' });
  }

  /** @param name a short, lasting name; the stack's name goes before it. */
  add(name: string, { means, runbook, metric, threshold, below, periods = 1, missing }: AlarmProps): void {
    const alarm = new Alarm(this, name, {
      alarmName: `${Stack.of(this).stackName}-${name}`,
      alarmDescription: `${means} What to do: README.md#${runbook}`,
      metric,
      threshold,
      comparisonOperator:
        below === true ? ComparisonOperator.LESS_THAN_THRESHOLD : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: periods,
      treatMissingData: missing ?? TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.#topic));
    alarm.addOkAction(new SnsAction(this.#topic));
  }

  #mail(alarmEmail: string): void {
    const subscription = this.#topic.addSubscription(new EmailSubscription(alarmEmail));
    Validations.of(subscription).acknowledge({
      id: 'Serverless-SNSRedrivePolicy',
      reason: 'A mail that does not arrive is not looked for in a queue; the alarm itself stays visible.',
    });
  }
}
