import { CostExplorerClient, type Expression, GetCostAndUsageCommand } from '@aws-sdk/client-cost-explorer';
import * as z from 'zod';
import type { Failure } from '../../domain/cloud.ts';
import type { CostPage, CostRow, CostSource, Days } from '../../domain/cost-source.ts';
import type { Secret } from '../../runtime/secret.ts';
import { clientConfig, makeHandler } from './clients.ts';
import type { AwsCredentials } from './credentials.ts';
import { costFacts } from './facts.ts';
import { classify as classifyAws, readError, UnexpectedAnswerError } from './outcomes.ts';
import { GLOBAL_REGION } from './regions.ts';

/** A query over months of a large account takes its time; each try is charged, so the engine alone tries again. */
const LIMITS = { connect: 2000, request: 17_000, attempts: 1 } as const;

/**
 * What the account's usage cost at its own rates, as the bill has it, less the credits and refunds that are lines of
 * their own. Net and amortized costs are other views of it, which not every account has.
 * @see https://docs.aws.amazon.com/cost-management/latest/userguide/ce-advanced.html
 */
const METRIC = 'UnblendedCost';

const answerSchema = z.object({
  NextPageToken: z.string().optional(),
  ResultsByTime: z.array(
    z.object({
      TimePeriod: z.object({ Start: z.string() }),
      Estimated: z.boolean(),
      Groups: z.array(
        z.object({
          Keys: z.tuple([z.string(), z.string()]),
          Metrics: z.object({ [METRIC]: z.object({ Amount: z.string(), Unit: z.string() }) }),
        }),
      ),
    }),
  ),
});
type Answer = z.infer<typeof answerSchema>;

/**
 * The questions, one after the other: what was charged, and which part of it credits and refunds are. A query can be
 * grouped by two dimensions at most, so the second has to be asked for itself; each page is charged with a cent.
 */
const QUESTIONS = ['charges', 'credits'] as const;
type Question = (typeof QUESTIONS)[number];
const tokenSchema = z.tuple([z.enum(QUESTIONS), z.string().nullable()]);

/** Where a reading goes on: the question, and the page of it. */
const tokenOf = (question: Question, page: string | undefined): string => JSON.stringify([question, page ?? null]);

/** Opens Cost Explorer for one account: a payer sees its members' costs too, so the account is always named. */
export function open(credentials: Secret<AwsCredentials>, account: string): CostSource {
  const handler = makeHandler(LIMITS);
  const client = new CostExplorerClient(clientConfig(credentials, GLOBAL_REGION, handler, LIMITS.attempts));
  return {
    async page(days, token): Promise<CostPage> {
      const [question, page] = token === undefined ? [QUESTIONS[0], null] : tokenSchema.parse(JSON.parse(token));
      const answer = answerSchema.safeParse(
        await client.send(
          new GetCostAndUsageCommand({
            TimePeriod: { Start: days.from, End: days.to },
            Granularity: 'DAILY',
            Metrics: [METRIC],
            GroupBy: [
              { Type: 'DIMENSION', Key: 'SERVICE' },
              { Type: 'DIMENSION', Key: 'REGION' },
            ],
            Filter: filterOf(question, account),
            ...(page === null ? {} : { NextPageToken: page }),
          }),
        ),
      );
      if (!answer.success) throw new UnexpectedAnswerError('Costs do not have their shape.');
      return { rows: rowsOf(answer.data, question, days), next: nextOf(answer.data, question), spent: ONE_CALL };
    },
    classify,
    close: () => handler.destroy(),
  };
}

const ONE_CALL = { calls: 1, bytes: 0 } as const;

function nextOf({ NextPageToken }: Answer, question: Question): string | undefined {
  if (NextPageToken !== undefined && NextPageToken !== '') return tokenOf(question, NextPageToken);
  return question === 'charges' ? tokenOf('credits', undefined) : undefined;
}

function filterOf(question: Question, account: string): Expression {
  const ofAccount: Expression = { Dimensions: { Key: 'LINKED_ACCOUNT', Values: [account] } };
  if (question === 'charges') return ofAccount;
  return { And: [ofAccount, { Dimensions: { Key: 'RECORD_TYPE', Values: ['Credit', 'Refund'] } }] };
}

/** Amounts of the second question are in those of the first already: they add nothing but the knowledge. */
function rowsOf({ ResultsByTime }: Answer, question: Question, { from, to }: Days): CostRow[] {
  return ResultsByTime.flatMap(({ TimePeriod, Estimated, Groups }) =>
    Groups.map(({ Keys: [service, region], Metrics }): CostRow => {
      const { Amount, Unit } = Metrics[METRIC];
      const day = TimePeriod.Start.slice(0, 10);
      if (day < from || day >= to) throw new UnexpectedAnswerError('Costs are of another day.');
      const place = region === '' || region === 'NoRegion' ? 'global' : region;
      const amounts = question === 'charges' ? { amount: Amount, credits: '0' } : { amount: '0', credits: Amount };
      return { day, service, region: place, currency: Unit, ...amounts, estimated: Estimated };
    }),
  );
}

/** In an account that never opened Cost Explorer, whoever asks is told that it is not for him. */
const NEVER_ENABLED = /not enabled for cost explorer/i;
/** The pages read so far are of another list by now: it is read again. */
const OUTDATED = /^(BillExpirationException|InvalidNextTokenException|RequestChangedException)$/;

/** @see https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetCostAndUsage.html#API_GetCostAndUsage_Errors */
function classify(error: unknown): Failure {
  const read = readError(error);
  if (NEVER_ENABLED.test(read.message)) {
    return { outcome: 'not_enabled', code: 'COST_EXPLORER_NOT_ENABLED', retryable: false };
  }
  // The first day after it was enabled, there is nothing yet; tomorrow's job asks again.
  if (read.name === 'DataUnavailableException') return { outcome: 'not_enabled', code: read.name, retryable: false };
  const failure = classifyAws(error, costFacts);
  return OUTDATED.test(read.name) ? { ...failure, restart: true } : failure;
}
