import type * as z from 'zod';
import type { CloudSession, CollectorFacts } from '../domain/cloud.ts';
import type { CostFacts, CostSource } from '../domain/cost-source.ts';
import type { JobKind } from '../domain/messages.ts';
import type { Secret } from '../runtime/secret.ts';

/** What is known of a cloud without loading its SDK (`facts.ts`): the connect route, the type union, permissions. */
export interface CloudFacts {
  /** As in `POST /{name}/connect`, in keys and in the secret's name. */
  readonly name: string;
  /** The credentials as the connect body carries them, without `name`; strict, so an unknown field is refused. */
  readonly body: z.ZodObject;
  /** Fields of `body` that are secret: they are left out of every digest and comparison. */
  readonly secretFields: readonly string[];
  /** One row per registered collector. */
  readonly collectors: readonly CollectorFacts[];
  /** Absent: a cloud that bills nobody. */
  readonly costs?: CostFacts;
  /** What the customer must grant: a document made of what the collectors and the cost source declare, and no more. */
  permissions(): PermissionsDocument;
}

/** What there is to read of a cloud. */
export const kindsIn = ({ costs }: Pick<CloudFacts, 'costs'>): readonly JobKind[] =>
  costs === undefined ? ['inventory'] : ['inventory', 'costs'];

/** The least that a customer grants, as `GET /{type}/permissions` answers it. */
export interface PermissionsDocument {
  /** Every single permission, in the cloud's notation, sorted: the union of what is declared. */
  readonly permissions: readonly string[];
  /** What it takes beside those of the collectors and costs (to connect, to list regions), and for what. */
  readonly format:
    | 'aws-iam-policy'
    | 'gcp-custom-role'
    | 'azure-custom-role'
    | 'kubernetes-cluster-role'
    | (string & {});
  /** In the form in which the cloud takes it: an IAM policy, a role. */
  readonly document: unknown;
  /** How it is granted, for a person: commands or steps. */
  readonly howTo: readonly string[];
}

/** A refusal of credentials with a status of 422: `code` is the wire's machine code, `message` never holds a value. */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError';
  readonly code: string;
  readonly details: string | undefined;

  constructor(code: string, message: string, details?: string) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** The cloud gave no answer in time, or said that it is down: nothing is known of the credentials (503). */
export class CloudUnavailableError extends Error {
  override readonly name = 'CloudUnavailableError';

  constructor() {
    super('The cloud could not be reached, or did not answer in time.');
  }
}

/** What connecting an account takes of a cloud. `C` is its own parsed credentials, which leave its folder only wrapped. */
export interface ConnectingCloud<C = unknown> {
  readonly facts: CloudFacts;
  /** Reads the parsed connect body by the cloud's rules. Makes no call. Throws `CredentialsError`. */
  parse(body: unknown): Secret<C>;
  /** Proves them within 5 s and names the account. Throws `CredentialsError` or `CloudUnavailableError`. */
  prove(credentials: Secret<C>): Promise<{ readonly account: string }>;
  /** The text that Secrets Manager keeps. */
  encode(credentials: Secret<C>): Secret<string>;
}

/** What collecting takes of a cloud. It is apart from connecting, so that a connect does not load every collector. */
export interface CollectingCloud<C = unknown> {
  readonly facts: Pick<CloudFacts, 'collectors' | 'costs'>;
  /** The inverse of `encode`; throws on a text of another version. */
  decode(text: Secret<string>): Secret<C>;
  /** Opens the account for one invocation; clients are made on first use and shared by its collectors. */
  open(credentials: Secret<C>, account: string): CloudSession & { close(): void };
  /**
   * Opens its costs for one invocation, and loads what only they need. Absent where `facts.costs` is: a cloud that bills
   * nobody. What keeps them from being read at all (not configured) is the source's `unavailable`, not an error.
   */
  openCosts?(credentials: Secret<C>, account: string): Promise<CostSource>;
}
