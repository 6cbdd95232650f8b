import { App } from 'aws-cdk-lib';
import { deploymentSettings } from '../lib/deployment-settings.ts';
import { ProvidersStack } from '../lib/providers-stack.ts';

// Without account and region, so that the template is the same whoever makes it; the CLI deploys where its credentials are.
const app = new App();
const settings = deploymentSettings((key) => app.node.tryGetContext(key));
new ProvidersStack(app, settings.stackName, { settings });
