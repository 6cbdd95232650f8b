import type { LinkValue } from '../../../functions/runtime/links.ts';

/** One call that was made to a sample cloud, in the order they came. */
export interface SampleCall {
  readonly service: string;
  readonly operation: string;
  /** The region, or the scope where the cloud has none. */
  readonly region: string;
  /** `ok`, or the cloud's own code of the refusal. */
  readonly outcome: string;
}

/** A running sample cloud, whichever it is: what the twin, the tests and the bench need of it. */
export interface SampleCloud {
  /** As in `POST /{name}/connect`. */
  readonly name: string;
  /** What a person calls its accounts: `AWS account`. */
  readonly title: string;
  /** Its address on loopback, with `/_sample/knobs` and `/_sample/calls` below it. */
  readonly url: string;
  /** Credentials of the example account as files, by name, for whoever follows the README by hand. */
  readonly files?: Readonly<Record<string, string>>;
  /** The deployment settings that send the cloud's calls here, and nothing else. */
  readonly settings: Partial<Pick<LinkValue<'clouds'>, 'awsEndpoints' | 'endpoints'>>;
  /** Connect bodies without `name`: of the account that `npm start` connects, and of the one that is left to a reader. */
  readonly bodies: {
    readonly main: Readonly<Record<string, string>>;
    readonly example: Readonly<Record<string, string>>;
  };
  /** Turns knobs; those that are not named stay. @throws ZodError for a knob that it does not have. */
  turn(change: Readonly<Record<string, unknown>>): void;
  calls(): readonly SampleCall[];
  resetCalls(): void;
  /** Calls that it does not know: a test that expects none says so. */
  unknownCalls(): readonly string[];
  /** By type, the external ids of what the main account holds, at the knobs as they stand. */
  held(): Readonly<Record<string, readonly string[]>>;
  close(): Promise<void>;
}

/** Planted wherever a cloud's answer could carry a secret: it must turn up nowhere of ours. */
export const CANARY = 'canary-4f1d9c70-must-never-be-kept';
