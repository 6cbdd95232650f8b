import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { z } from 'zod';
import { deploymentSettings } from '../../lib/deployment-settings.ts';
import { Resolver } from '../../lib/local/resolver.ts';
import { ProvidersStack } from '../../lib/providers-stack.ts';

export const STACK = 'infraaudit-test';
const AT = {
  account: '111111111111',
  region: 'eu-central-1',
  stackName: STACK,
  queueUrl: (name: string) => `https://queues.example/${name}`,
};
/** The least that a deployment sets. */
export const SETTINGS = {
  tokenIssuer: 'https://issuer.test',
  tokenAudience: 'audience',
  tokenJwksUrl: 'https://issuer.test/keys',
} as const;

// With the paths by which tests find resources, as the CLI writes them.
const CONTEXT = { 'aws:cdk:bundling-stacks': [], 'aws:cdk:enable-path-metadata': true };

/** What the tests look at of a resource. */
const templateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      Properties: z.record(z.string(), z.unknown()).default({}),
      Metadata: z.record(z.string(), z.unknown()).default({}),
      DependsOn: z.array(z.string()).default([]),
      DeletionPolicy: z.string().optional(),
      UpdateReplacePolicy: z.string().optional(),
    }),
  ),
});
const oneOrMore = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const statementSchema = z.object({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: oneOrMore,
  Resource: oneOrMore,
  Principal: z.unknown().optional(),
  Condition: z.record(z.string(), z.unknown()).optional(),
});
const documentSchema = z.object({ Statement: z.array(statementSchema) });
export type Statement = z.infer<typeof statementSchema>;

const functionSchema = z.looseObject({
  Environment: z.object({ Variables: z.record(z.string(), z.string()) }).optional(),
  Role: z.string(),
});

/** The app and its stack as a deployment with these settings has them, without bundles. */
export function stackOf(settings: Readonly<Record<string, unknown>>) {
  const outdir = mkdtempSync(join(tmpdir(), 'infraaudit-stack-'));
  const app = new App({ outdir, analyticsReporting: false, context: CONTEXT });
  const stack = new ProvidersStack(app, STACK, { settings: deploymentSettings((key) => settings[key]) });
  return { app, stack, done: () => rmSync(outdir, { recursive: true, force: true }) };
}

/** The template, read as CloudFormation would in account 111111111111 and region eu-central-1. */
export function synthesized(settings: Readonly<Record<string, unknown>> = SETTINGS) {
  const { app, stack, done } = stackOf(settings);
  const raw: unknown = app.synth().getStackArtifact(stack.artifactId).template;
  done();
  const template = templateSchema.parse(raw);
  const resolver = new Resolver(template, AT);
  const all = (type: string) =>
    Object.entries(template.Resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([id, resource]) => ({ id, ...resource, path: String(resource.Metadata['aws:cdk:path']) }));
  const at = (path: string) => {
    const found = Object.entries(template.Resources).find(
      ([, { Metadata }]) => Metadata['aws:cdk:path'] === `${STACK}/${path}/Resource`,
    );
    if (found === undefined) throw new Error(`There is no resource at ${path}.`);
    return { id: found[0], ...found[1] };
  };
  const resolved = (value: unknown): unknown => resolver.resolve(value);
  return {
    raw,
    all,
    resolved,
    /** Properties of the resource at a construct's path, resolved. */
    properties: (path: string) => z.record(z.string(), z.unknown()).parse(resolved(at(path).Properties)),
    rawProperties: (path: string) => at(path).Properties,
    arn: (path: string) => String(resolved({ 'Fn::GetAtt': [at(path).id, 'Arn'] })),
    ref: (path: string) => String(resolved({ Ref: at(path).id })),
    /** All functions, by their lasting name. */
    functions: new Map(
      all('AWS::Lambda::Function').map(({ Metadata, Properties }) => {
        const { Environment, Role, ...properties } = functionSchema.parse(resolved({ ...Properties, Code: undefined }));
        const name = z.string().parse(Metadata['infraaudit:name']);
        const entry = z.string().parse(Metadata['infraaudit:entry']);
        return [name, { name, entry, role: Role, environment: Environment?.Variables ?? {}, properties }] as const;
      }),
    ),
    /** What a role may do, whichever policies say so. */
    statements: (role: string): readonly Statement[] =>
      all('AWS::IAM::Policy')
        .filter(({ Properties }) => {
          const names = z.array(z.string()).parse(resolved(Properties.Roles));
          return names.some((name) => role.endsWith(`/${name}`));
        })
        .flatMap(({ Properties }) => documentSchema.parse(resolved(Properties.PolicyDocument)).Statement),
    document: (value: unknown) => documentSchema.parse(resolved(value)).Statement,
  };
}
