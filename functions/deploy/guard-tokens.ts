import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { table } from '../adapters/dynamodb-table.ts';
import { keepTokenIdentity } from '../domain/token-identity.ts';
import { log } from '../runtime/logger.ts';

/** What CloudFormation sends. @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html */
const requestSchema = z.object({
  RequestType: z.enum(['Create', 'Update', 'Delete']),
  ResponseURL: z.url(),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
  ResourceProperties: z.object({ Identity: z.string().min(1) }),
});
type Request = z.infer<typeof requestSchema>;

const REFUSED =
  'tokenIssuer or tenantClaim differ from those by which the table knows its tenants: no tenant would find its providers again. To move on purpose, delete the item DEPLOYMENT / TOKENS from the table first.';

/** Refuses a deployment that would make every tenant a stranger; a custom resource, run only when either changes. */
export const handler = async (event: unknown, context: Context): Promise<void> => {
  const request = requestSchema.parse(event);
  const reason = await check(request).catch((error: unknown) => {
    log.error('The identity of tokens could not be checked.', { error });
    return 'The table did not answer.';
  });
  const answer = await fetch(request.ResponseURL, {
    method: 'PUT',
    // The URL is signed for no content type.
    headers: { 'content-type': '' },
    body: JSON.stringify({
      Status: reason === undefined ? 'SUCCESS' : 'FAILED',
      Reason: reason ?? `See the log stream ${context.logStreamName}.`,
      PhysicalResourceId: 'token-identity',
      StackId: request.StackId,
      RequestId: request.RequestId,
      LogicalResourceId: request.LogicalResourceId,
    }),
  });
  if (!answer.ok) throw new Error(`CloudFormation took no answer: ${answer.status}.`);
};

/** @returns why the deployment is refused, or nothing. */
async function check({ RequestType, ResourceProperties }: Request): Promise<string | undefined> {
  // What the table knows outlives the stack, as the table does.
  if (RequestType === 'Delete') return undefined;
  return (await keepTokenIdentity(table.open(), ResourceProperties.Identity)) ? undefined : REFUSED;
}
