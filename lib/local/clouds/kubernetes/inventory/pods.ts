import type { Random } from '../../aws/random.ts';
import { CANARY } from '../../sample-cloud.ts';
import type { Making } from './kind.ts';

/** A container with everything that may carry a secret in it. */
function container(random: Random, n: number): object {
  return {
    name: `c${n}`,
    image: `registry.example.com/${random.pick('web', 'api', 'worker')}:${random.below(40)}.${random.below(10)}`,
    command: ['/bin/run', `--password=${CANARY}`],
    args: [`--token=${CANARY}`],
    env: [
      { name: 'DATABASE_URL', value: `postgres://user:${CANARY}@db/app` },
      { name: 'API_KEY', valueFrom: { secretKeyRef: { name: 'api', key: CANARY } } },
    ],
    ports: [{ containerPort: 8080, protocol: 'TCP' }],
    resources: random.chance(0.7) ? { limits: { cpu: '500m', memory: '256Mi' } } : {},
    livenessProbe: { httpGet: { path: '/', port: 8080, httpHeaders: [{ name: 'Authorization', value: CANARY }] } },
    terminationMessagePath: '/dev/termination-log',
    imagePullPolicy: 'IfNotPresent',
    ...(random.chance(0.6) ? { securityContext: security(random) } : {}),
  };
}

const security = (random: Random): object => ({
  ...(random.chance(0.1) ? { privileged: true } : {}),
  ...(random.chance(0.5) ? { runAsNonRoot: true } : {}),
  ...(random.chance(0.2) ? { runAsUser: random.pick(0, 1000) } : {}),
  ...(random.chance(0.6) ? { allowPrivilegeEscalation: random.chance(0.3) } : {}),
  ...(random.chance(0.4) ? { readOnlyRootFilesystem: true } : {}),
  ...(random.chance(0.2) ? { capabilities: { add: ['NET_ADMIN'], drop: ['ALL'] } } : {}),
});

/** What a pod, or a template of some, runs. */
export function podSpec(random: Random): Record<string, unknown> {
  return {
    containers: Array.from({ length: 1 + random.below(3) }, (_, n) => container(random, n)),
    ...(random.chance(0.2) ? { initContainers: [container(random, 9)] } : {}),
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    ...(random.chance(0.7) ? { serviceAccountName: 'app', serviceAccount: 'app' } : {}),
    ...(random.chance(0.2) ? { automountServiceAccountToken: false } : {}),
    ...(random.chance(0.05) ? { hostNetwork: true } : {}),
    ...(random.chance(0.03) ? { hostPID: true } : {}),
    securityContext: random.chance(0.3) ? { runAsNonRoot: true, runAsUser: 1000 } : {},
    schedulerName: 'default-scheduler',
    volumes: [
      { name: 'kube-api-access', projected: { sources: [] } },
      ...(random.chance(0.1) ? [{ name: 'host', hostPath: { path: '/var/run', type: '' } }] : []),
      { name: 'csi', csi: { driver: 'secrets.example.com', volumeAttributes: { key: CANARY } } },
    ],
  };
}

export const template = (random: Random, app: string): object => ({
  metadata: { labels: { app }, annotations: { config: CANARY } },
  spec: podSpec(random),
});

export const labelsOf = ({ name, random }: Making): Record<string, string> => ({
  app: name,
  'app.kubernetes.io/part-of': random.pick('shop', 'platform', 'search'),
});
