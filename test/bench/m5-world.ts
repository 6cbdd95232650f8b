import { mkdtempSync, rmSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { links } from '../../functions/runtime/links.ts';
import { environmentOf } from '../../functions/runtime/settings.ts';
import { ACCOUNT, AUDIENCE, ISSUER, REGION, STACK_NAME } from '../../lib/local/account.ts';
import { serve } from '../../lib/local/loopback.ts';
import { readTemplate } from '../../lib/local/model.ts';
import { startSecrets } from '../../lib/local/secrets.ts';
import { startTable } from '../../lib/local/table.ts';
import { synthesize } from '../../lib/local/template.ts';
import { secretsFolder, signingSecret, signToken } from '../../lib/local/tokens.ts';
import { type Fixture, fill } from './m5-fixture.ts';

export type Algorithm = 'HS256' | 'ES256';
type Environment = Readonly<Record<string, string>>;

/** As much of the twin as two handlers need, in this process, so that none of its CPU is theirs. */
export interface World {
  readonly directory: string;
  readonly tableUrl: string;
  readonly fixture: Fixture;
  /** A token of the tenant with the fixture's provider. */
  readonly tokens: Readonly<Record<Algorithm, string>>;
  /** A function's environment as the template and the twin make it. @param tableUrl a table in front of the table. */
  environment(name: string, algorithm: Algorithm, tableUrl?: string): Environment;
  close(): Promise<void>;
}

export async function startWorld(): Promise<World> {
  const directory = mkdtempSync(join(tmpdir(), 'infraaudit-bench-m5-'));
  const signing = signingSecret(directory);
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'bench', alg: 'ES256' };
  const [table, secrets, jwks] = await Promise.all([
    startTable(join(directory, 'table')),
    startSecrets(secretsFolder(directory)),
    serve((_, response) => response.end(JSON.stringify({ keys: [jwk] }))),
  ]);
  const settings = { tokenIssuer: ISSUER, tokenAudience: AUDIENCE, tokenSecretArn: signing.arn };
  const at = { account: ACCOUNT, region: REGION, stackName: STACK_NAME, queueUrl: (name: string) => `queue:${name}` };
  const stack = readTemplate(synthesize(settings), at);
  await table.create(stack.table);
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: ISSUER, aud: AUDIENCE, sub: 'local', iat: now, exp: now + 86_400 };
  const es256 = new SignJWT(claims).setProtectedHeader({ alg: 'ES256', typ: 'JWT', kid: 'bench' });
  return {
    directory,
    tableUrl: table.url,
    fixture: await fill(table.url, stack.table.name),
    tokens: { HS256: await signToken(directory), ES256: await es256.sign(privateKey) },
    environment(name, algorithm, tableUrl = table.url) {
      const model = stack.functions.find((one) => one.name === name);
      if (model === undefined) throw new Error(`The stack has no function ${name}.`);
      return {
        AWS_REGION: REGION,
        AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
        AWS_LAMBDA_FUNCTION_NAME: model.physicalName,
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(model.memoryMb),
        AWS_ACCESS_KEY_ID: 'ASIALOCALTWIN0000000',
        AWS_SECRET_ACCESS_KEY: 'local',
        AWS_SESSION_TOKEN: 'local',
        AWS_CONFIG_FILE: devNull,
        AWS_SHARED_CREDENTIALS_FILE: devNull,
        AWS_ENDPOINT_URL_DYNAMODB: tableUrl,
        AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
        ...model.environment,
        ...(algorithm === 'HS256' ? {} : withKeysAt(model.environment, jwks.url)),
      };
    },
    async close() {
      await Promise.all([table.close(), secrets.close(), jwks.close()]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The same token settings with a JWKS URL instead of the secret, as most deployments have. */
function withKeysAt(environment: Environment, jwksUrl: string): Environment {
  const { secretArn: _, ...tokens } = links.tokens.shape.parse(JSON.parse(environment[links.tokens.env] ?? ''));
  return environmentOf('tokens', { ...tokens, jwksUrl });
}
