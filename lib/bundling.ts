import type { BuildOptions } from 'esbuild';

/** How a function's bundle is made, beside what CDK says anyway: by the stack, by the tests and by the bench. */
export const BUNDLING = {
  target: 'node24',
  mainFields: ['module', 'main'],
  // In an ES module there is no `require`, which bundled CommonJS packages call for Node's own modules.
  banner: "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);",
  /**
   * Package -> what stands in for it. Lambda gives a function its role's credentials in the environment, the first
   * place that the SDK's own chain looks in too: what else that chain could do (profiles, SSO, processes, instance
   * metadata) is a quarter of the SDK, and nothing that a function of ours should ever take credentials from.
   */
  alias: { '@aws-sdk/credential-provider-node': './functions/runtime/lambda-credentials.ts' },
} as const;

/** The same aliases as arguments of esbuild's command line. */
export const aliasArguments = (): Record<string, string> =>
  Object.fromEntries(Object.entries(BUNDLING.alias).map(([name, file]) => [`--alias:${name}`, file]));

/** How a bundle in parts is made; `index.mjs` is the handler's, what is imported as needed is in files of its own. */
export const partsOptions = (entry: string): BuildOptions => ({
  entryPoints: [entry],
  entryNames: 'index',
  chunkNames: 'parts/[name]-[hash]',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: BUNDLING.target,
  mainFields: [...BUNDLING.mainFields],
  minify: true,
  logLevel: 'warning',
  banner: { js: BUNDLING.banner },
  alias: BUNDLING.alias,
});
