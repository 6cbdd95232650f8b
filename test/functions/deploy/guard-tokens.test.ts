import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Deployment, startDeployment } from '../../support/deployment.ts';

/** CloudFormation, as far as a custom resource sees it: a URL that takes the answer. */
let cloudFormation: Server;
let answers: { headers: unknown; body: unknown }[] = [];
let url: string;
let deployment: Deployment;

beforeAll(async () => {
  cloudFormation = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      answers.push({ headers: request.headers, body: JSON.parse(text) });
      response.end();
    });
  });
  await new Promise<void>((done) => cloudFormation.listen(0, '127.0.0.1', done));
  const address = cloudFormation.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/answer`;
  deployment = await startDeployment();
});
afterAll(async () => {
  await deployment?.stop();
  cloudFormation.close();
});

async function deploy(RequestType: string, Identity: string): Promise<unknown> {
  answers = [];
  await deployment.twin.invoke('guard-tokens', {
    RequestType,
    ResponseURL: url,
    StackId: 'stack',
    RequestId: 'request',
    LogicalResourceId: 'Identity',
    ResourceProperties: { ServiceToken: 'arn', Identity },
  });
  return answers[0]?.body;
}

test('the first deployment is noted, the same again is fine, another identity is refused with the reason', async () => {
  expect(await deploy('Create', 'one')).toMatchObject({ Status: 'SUCCESS', StackId: 'stack', RequestId: 'request' });
  expect(await deploy('Update', 'one')).toMatchObject({ Status: 'SUCCESS' });
  expect(await deploy('Update', 'two')).toMatchObject({
    Status: 'FAILED',
    Reason: expect.stringContaining('tokenIssuer or tenantClaim'),
  });
  // The rollback that CloudFormation then makes asks for the old one again.
  expect(await deploy('Update', 'one')).toMatchObject({ Status: 'SUCCESS' });
});

test('a deletion of the stack is answered, and the table goes on knowing', async () => {
  expect(await deploy('Delete', 'two')).toMatchObject({ Status: 'SUCCESS' });
  expect(await deploy('Create', 'two')).toMatchObject({ Status: 'FAILED' });
});
