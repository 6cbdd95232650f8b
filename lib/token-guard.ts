import { createHash } from 'node:crypto';
import { CustomResource, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ServiceFunction } from './service-function.ts';
import type { Resources } from './wiring.ts';

/**
 * Refuses to deploy another token issuer or tenant claim over a table that knows its tenants by the old ones. The
 * custom resource changes only when one of them does, so that an ordinary deployment does not run it.
 */
export class TokenGuard extends Construct {
  constructor(scope: Construct, id: string, resources: Resources) {
    super(scope, id);
    const { issuer, tenantClaim } = resources.settings.tokens;
    const guard = new ServiceFunction(this, 'guard-tokens', {
      resources,
      entry: 'functions/deploy/guard-tokens.ts',
      needs: ['writeTable'],
      timeoutSeconds: 30,
      memoryMb: 256,
    });
    new CustomResource(this, 'Identity', {
      resourceType: 'Custom::TokenIdentity',
      serviceToken: guard.lambda.functionArn,
      serviceTimeout: Duration.minutes(2),
      properties: { Identity: createHash('sha256').update(`${issuer}\0${tenantClaim}`).digest('hex') },
    });
  }
}
