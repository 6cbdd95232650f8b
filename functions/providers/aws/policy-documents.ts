import * as z from 'zod';
import type { Answer } from '../../domain/resource.ts';

const oneOrMore = z.union([z.string(), z.array(z.string())]);
const statementSchema = z.object({
  Effect: z.string(),
  Principal: z.union([z.string(), z.record(z.string(), oneOrMore)]).optional(),
  NotPrincipal: z.unknown().optional(),
  Action: oneOrMore.optional(),
  Resource: oneOrMore.optional(),
  Condition: z.record(z.string(), z.unknown()).optional(),
});
type Statement = z.infer<typeof statementSchema>;
const documentSchema = z.object({ Statement: z.union([statementSchema, z.array(statementSchema)]) });

/** Whether a role's trust policy lets anyone assume it, of whatever account. */
export const trustsEveryone = (document: string | undefined): Answer =>
  allows(document, ({ Principal, NotPrincipal }) => {
    if (NotPrincipal !== undefined || Principal === '*') return true;
    return typeof Principal === 'object' && has(Principal.AWS, '*');
  });

/** Whether a policy allows every action on every resource. */
export const allowsEverything = (document: string | undefined): Answer =>
  allows(document, ({ Action, Resource }) => (has(Action, '*') || has(Action, '*:*')) && has(Resource, '*'));

const has = (values: string | readonly string[] | undefined, one: string): boolean =>
  typeof values === 'string' ? values === one : (values ?? []).includes(one);

/** `unknown` where the document cannot be read, and where a condition may narrow what it allows. */
function allows(document: string | undefined, meets: (statement: Statement) => boolean): Answer {
  const found = statementsOf(document)?.filter((one) => one.Effect === 'Allow' && meets(one));
  if (found === undefined) return 'unknown';
  if (found.length === 0) return 'no';
  return found.some(({ Condition = {} }) => Object.keys(Condition).length === 0) ? 'yes' : 'unknown';
}

/** IAM answers documents percent-encoded. @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html */
function statementsOf(document: string | undefined): readonly Statement[] | undefined {
  try {
    const { Statement } = documentSchema.parse(JSON.parse(decodeURIComponent(document ?? '')));
    return Array.isArray(Statement) ? Statement : [Statement];
  } catch {
    return undefined;
  }
}
