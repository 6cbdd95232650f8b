/** What bundles have in place of the SDK's chain of credential providers; see `lib/bundling.ts`. */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
