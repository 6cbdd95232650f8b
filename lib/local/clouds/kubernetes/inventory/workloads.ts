import { CANARY } from '../../sample-cloud.ts';
import type { Kind } from './kind.ts';
import { labelsOf, podSpec, template } from './pods.ts';

const apps = { group: 'apps', version: 'v1', namespaced: true } as const;
const batch = { group: 'batch', version: 'v1', namespaced: true } as const;
const condition = (type: string, status: string) => ({ type, status, message: CANARY });

export const workloads: readonly Kind[] = [
  {
    ...apps,
    type: 'k8s_deployment',
    kind: 'Deployment',
    plural: 'deployments',
    growing: 60,
    make: (making) => ({
      labels: labelsOf(making),
      rest: {
        spec: {
          replicas: making.random.pick(0, 1, 2, 3),
          selector: { matchLabels: { app: making.name } },
          strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%' } },
          ...(making.random.chance(0.05) ? { paused: true } : {}),
          template: template(making.random, making.name),
        },
        status: { observedGeneration: 3, replicas: 2, conditions: [condition('Available', 'True')] },
      },
    }),
  },
  {
    ...apps,
    type: 'k8s_replica_set',
    kind: 'ReplicaSet',
    plural: 'replicasets',
    growing: 120,
    make: (making) => ({
      labels: labelsOf(making),
      owner: { kind: 'Deployment', name: `web-deployment-${making.index}` },
      rest: {
        spec: { replicas: making.random.pick(0, 0, 2), selector: {}, template: template(making.random, making.name) },
        status: { replicas: 0, observedGeneration: 1 },
      },
    }),
  },
  {
    ...apps,
    type: 'k8s_daemon_set',
    kind: 'DaemonSet',
    plural: 'daemonsets',
    growing: 4,
    make: (making) => ({
      labels: labelsOf(making),
      rest: {
        spec: {
          selector: {},
          updateStrategy: { type: 'RollingUpdate' },
          template: template(making.random, making.name),
        },
        status: { currentNumberScheduled: 5, desiredNumberScheduled: 5 },
      },
    }),
  },
  {
    ...apps,
    type: 'k8s_stateful_set',
    kind: 'StatefulSet',
    plural: 'statefulsets',
    growing: 8,
    make: (making) => ({
      labels: labelsOf(making),
      rest: {
        spec: {
          replicas: 3,
          serviceName: making.name,
          selector: {},
          updateStrategy: { type: 'OnDelete' },
          template: template(making.random, making.name),
          volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'] } }],
        },
        status: { replicas: 3 },
      },
    }),
  },
  {
    type: 'k8s_pod',
    group: '',
    version: 'v1',
    kind: 'Pod',
    plural: 'pods',
    namespaced: true,
    growing: 620,
    make: (making) => ({
      labels: labelsOf(making),
      owner: { kind: 'ReplicaSet', name: `web-replicaset-${making.index % 120}` },
      rest: {
        spec: { ...podSpec(making.random), nodeName: `node-${making.random.below(5)}` },
        status: {
          phase: making.random.chance(0.9) ? 'Running' : making.random.pick('Pending', 'Succeeded', 'Failed'),
          qosClass: making.random.pick('Burstable', 'BestEffort'),
          conditions: [condition('Ready', 'True')],
          podIP: '10.1.2.3',
        },
      },
    }),
  },
  {
    ...batch,
    type: 'k8s_job',
    kind: 'Job',
    plural: 'jobs',
    growing: 30,
    make: (making) => ({
      labels: labelsOf(making),
      owner: { kind: 'CronJob', name: 'nightly' },
      rest: {
        spec: {
          parallelism: 1,
          completions: 1,
          backoffLimit: 6,
          suspend: making.random.chance(0.1),
          template: template(making.random, making.name),
        },
        status: making.random.chance(0.8)
          ? { conditions: [condition(making.random.pick('Complete', 'Failed'), 'True')] }
          : { active: 1 },
      },
    }),
  },
  {
    ...batch,
    type: 'k8s_cron_job',
    kind: 'CronJob',
    plural: 'cronjobs',
    growing: 10,
    make: (making) => ({
      labels: labelsOf(making),
      rest: {
        spec: {
          schedule: '*/5 * * * *',
          concurrencyPolicy: 'Forbid',
          suspend: making.random.chance(0.2),
          ...(making.random.chance(0.3) ? { timeZone: 'Europe/Berlin' } : {}),
          jobTemplate: { metadata: {}, spec: { template: template(making.random, making.name) } },
        },
        status: { lastScheduleTime: '2026-01-01T00:00:00Z' },
      },
    }),
  },
  {
    type: 'k8s_horizontal_pod_autoscaler',
    group: 'autoscaling',
    version: 'v2',
    kind: 'HorizontalPodAutoscaler',
    plural: 'horizontalpodautoscalers',
    namespaced: true,
    growing: 12,
    make: (making) => ({
      labels: labelsOf(making),
      rest: {
        spec: {
          scaleTargetRef: { kind: 'Deployment', name: `web-deployment-${making.index}`, apiVersion: 'apps/v1' },
          minReplicas: 2,
          maxReplicas: 10,
          metrics: [
            { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
            { type: 'External', external: { metric: { name: 'queue', selector: { matchLabels: { key: CANARY } } } } },
          ],
        },
        status: { currentReplicas: 3, desiredReplicas: 3, currentMetrics: null },
      },
    }),
  },
];
