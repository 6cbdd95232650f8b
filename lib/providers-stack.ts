import { Annotations, CfnParameter, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { clouds } from '../functions/providers/registered.ts';
import { Data } from './data.ts';
import type { DeploymentSettings } from './deployment-settings.ts';
import { HttpApi } from './http-api.ts';
import { Monitoring } from './monitoring.ts';
import { Queues } from './queues.ts';
import { SyncPipeline } from './sync-pipeline.ts';
import { TokenGuard } from './token-guard.ts';

export interface ProvidersStackProps extends StackProps {
  readonly settings: DeploymentSettings;
}

/**
 * The whole service, in the account that deploys it:
 *
 *     API Gateway -> a Lambda for each endpoint -> table, secrets
 *                        |  "sync this"
 *                        v
 *     EventBridge -> [requests] -> plan-sync -> [tasks-<cloud>] -> collect-<cloud> -> table
 *     (each minute)                                  | after 5 tries
 *                                                    v
 *                                             [failed-tasks] -> fail-task -> [dead-letters] -> alarm
 */
export class ProvidersStack extends Stack {
  constructor(scope: Construct, id: string, { settings, ...props }: ProvidersStackProps) {
    super(scope, id, { description: 'InfraAudit: connects cloud accounts and keeps their inventory', ...props });
    const names = Object.keys(clouds);
    const data = new Data(this, 'Data', settings);
    const queues = new Queues(this, 'Queues', names);
    const resources = { settings, data, queues };
    const api = new HttpApi(this, 'Api', resources, names);
    new SyncPipeline(this, 'Sync', resources, names);
    new TokenGuard(this, 'Tokens', resources);
    new Monitoring(this, 'Monitoring', api, queues, settings.alarmEmail);
    if (settings.missing.length > 0) this.#refuseDeployment(settings.missing);
  }

  /**
   * Lets the stack be synthesized and looked at without any setting, but not deployed: nobody could call it, and its
   * table would know tenants by an issuer that is not real. A parameter without a default stops `cdk deploy` before it
   * does anything, and a value that no pattern matches stops CloudFormation where someone gives it one.
   */
  #refuseDeployment(missing: readonly string[]): void {
    const what = `Not set: ${missing.join(', ')}. Give them with -c key=value or in the context of cdk.json.`;
    Annotations.of(this).addWarningV2(
      'infraaudit:token-settings',
      `${what} This stack can be looked at, not deployed.`,
    );
    new CfnParameter(this, 'TokenSettingsAreMissing', {
      description: what,
      allowedPattern: '(?!)',
      constraintDescription: what,
    });
    Validations.of(this).acknowledge({
      id: 'CloudFormation-Validate::W2001',
      reason: 'It is there to be asked for, not to be used.',
    });
  }
}
