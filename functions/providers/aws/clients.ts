import { Agent } from 'node:https';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Secret } from '../../runtime/secret.ts';
import { setting } from '../../runtime/settings.ts';
import type { AwsCredentials } from './credentials.ts';

/** What every client of a customer's account is made with. */
export interface ClientConfig {
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly endpoint?: string;
  readonly maxAttempts: number;
  readonly requestHandler: NodeHttpHandler;
  readonly forcePathStyle?: boolean;
  readonly ignoreConfiguredEndpointUrls?: boolean;
  readonly useQueueUrlAsEndpoint?: boolean;
}

/** Time limits of calls, in milliseconds: to connect, and for the whole answer. */
export interface Limits {
  readonly connect: number;
  readonly request: number;
  readonly attempts: number;
}

const SOCKETS = 64;

/** One pool of connections, shared by the clients of one invocation or one proof. */
export function makeHandler(limits: Limits): NodeHttpHandler {
  return new NodeHttpHandler({
    connectionTimeout: limits.connect,
    requestTimeout: limits.request,
    // Without it the SDK only warns when the request time is over.
    throwOnRequestTimeout: true,
    httpsAgent: new Agent({ keepAlive: true, maxSockets: SOCKETS }),
  });
}

/** The only place that says how a customer's AWS account is called: keys given, never the Lambda's own chain. */
export function clientConfig(
  credentials: Secret<AwsCredentials>,
  region: string,
  requestHandler: NodeHttpHandler,
  attempts: number,
): ClientConfig {
  const { accessKeyId, secretAccessKey } = credentials.reveal();
  const given = setting('clouds').awsEndpoints.find(
    (one) => one.accessKeyIds === undefined || one.accessKeyIds.includes(accessKeyId),
  );
  return {
    region,
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: attempts,
    requestHandler,
    ignoreConfiguredEndpointUrls: true,
    // A queue's URL is what an answer says; it names a queue, never the host that requests go to.
    useQueueUrlAsEndpoint: false,
    ...(given === undefined ? {} : { endpoint: given.url, forcePathStyle: true }),
  };
}
