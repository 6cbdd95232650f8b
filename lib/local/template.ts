import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { deploymentSettings } from '../deployment-settings.ts';
import { ProvidersStack } from '../providers-stack.ts';
import { STACK_NAME } from './account.ts';

/**
 * Synthesizes the stack as a deployment with these settings would have it, and gives its template.
 * Without bundling, which takes ten times as long: the twin runs the functions from source.
 * @param settings the deployment's settings, as `cdk deploy -c` would give them.
 */
export function synthesize(settings: Readonly<Record<string, unknown>>): unknown {
  const outdir = mkdtempSync(join(tmpdir(), 'infraaudit-synth-'));
  try {
    // The paths, which the CDK's own command adds too, say what the source calls a queue.
    const context = { 'aws:cdk:bundling-stacks': [], 'aws:cdk:enable-path-metadata': true };
    const app = new App({ outdir, analyticsReporting: false, context });
    // Without account and region, as in bin/app.ts: the template is the one that is deployed.
    const stack = new ProvidersStack(app, STACK_NAME, {
      settings: deploymentSettings((key) => (key === 'stackName' ? STACK_NAME : settings[key])),
    });
    return app.synth().getStackArtifact(stack.artifactId).template;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
