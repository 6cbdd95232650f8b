import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { expect, test } from 'vitest';
import { SETTINGS, stackOf } from './synthesized.ts';

const EVERYTHING = {
  ...SETTINGS,
  allowedOrigins: 'https://app.test',
  alarmEmail: 'ops@example.com',
  reservedConcurrency: 5,
} as const;

test.each([
  ['with the least settings', SETTINGS],
  ['with every setting', EVERYTHING],
  ['with the AWS-managed key', { ...SETTINGS, secretsKey: 'aws-managed' }],
])('the AwsSolutions and Serverless rules find nothing that is not acknowledged, %s', (_, settings) => {
  const { app, stack, done } = stackOf(settings);
  const found = [new AwsSolutionsChecks(app), new ServerlessChecks(app)].flatMap((pack) =>
    pack
      .validateScope(stack)
      .violations.map(({ ruleName, violatingResources }) => [
        ruleName,
        violatingResources.map(({ constructPath }) => constructPath),
      ]),
  );
  done();
  expect(found).toEqual([]);
});

test('every acknowledgement gives its reason in a sentence', () => {
  const { stack, done } = stackOf(EVERYTHING);
  const reasons = stack.node
    .findAll()
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.values(data));
  done();
  expect(reasons.length).toBeGreaterThan(0);
  for (const reason of reasons) expect(reason).toMatch(/^.{30,}\.$/);
});
