import { CANARY } from '../../sample-cloud.ts';
import { type Kind, NAMESPACES } from './kind.ts';
import { labelsOf } from './pods.ts';

const core = { group: '', version: 'v1' } as const;
const rbac = { group: 'rbac.authorization.k8s.io', version: 'v1' } as const;
const roleRef = (kind: string, name: string) => ({ apiGroup: rbac.group, kind, name });
const reading = { apiGroups: [''], resources: ['pods', 'configmaps'], verbs: ['get', 'list', 'watch'] };
const everything = { apiGroups: ['*'], resources: ['*'], verbs: ['*'] };

export const cluster: readonly Kind[] = [
  {
    ...core,
    type: 'k8s_namespace',
    kind: 'Namespace',
    plural: 'namespaces',
    namespaced: false,
    growing: 0,
    fixed: NAMESPACES,
    make: ({ name, random }) => ({
      labels: {
        'kubernetes.io/metadata.name': name,
        ...(random.chance(0.5) ? { 'pod-security.kubernetes.io/enforce': 'baseline' } : {}),
      },
      rest: { spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } },
    }),
  },
  {
    ...core,
    type: 'k8s_node',
    kind: 'Node',
    plural: 'nodes',
    namespaced: false,
    growing: 5,
    make: ({ index, random, name, cluster: { version } }) => ({
      labels: {
        'kubernetes.io/hostname': name,
        'node.kubernetes.io/instance-type': 'm6i.large',
        'topology.kubernetes.io/zone': `eu-west-1${'abc'[index % 3]}`,
        'topology.kubernetes.io/region': 'eu-west-1',
        ...(index === 0 ? { 'node-role.kubernetes.io/control-plane': '' } : {}),
      },
      rest: {
        spec: {
          podCIDR: `10.1.${index % 250}.0/24`,
          providerID: `aws:///eu-west-1a/i-0${random.hex(16)}`,
          ...(index === 0 ? { taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] } : {}),
        },
        status: {
          capacity: { cpu: '2', memory: '8024000Ki', pods: '110' },
          conditions: [{ type: 'Ready', status: random.chance(0.9) ? 'True' : 'Unknown', message: CANARY }],
          addresses: [
            { type: 'InternalIP', address: `10.0.1.${index % 250}` },
            ...(random.chance(0.4) ? [{ type: 'ExternalIP', address: '54.12.7.8' }] : []),
          ],
          nodeInfo: {
            kubeletVersion: version,
            osImage: 'Bottlerocket OS',
            kernelVersion: '6.12.1',
            architecture: 'amd64',
            containerRuntimeVersion: 'containerd://2.1.4',
            machineID: CANARY,
          },
          images: [{ names: ['registry.example.com/web:1.0'], sizeBytes: 12 }],
        },
      },
    }),
  },
  {
    ...core,
    type: 'k8s_service_account',
    kind: 'ServiceAccount',
    plural: 'serviceaccounts',
    namespaced: true,
    growing: 25,
    make: (making) => ({
      labels: labelsOf(making),
      rest: {
        ...(making.random.chance(0.3) ? { automountServiceAccountToken: false } : {}),
        ...(making.random.chance(0.3) ? { secrets: [{ name: CANARY }] } : {}),
        ...(making.random.chance(0.2) ? { imagePullSecrets: [{ name: CANARY }] } : {}),
      },
    }),
  },
  {
    ...rbac,
    type: 'k8s_role',
    kind: 'Role',
    plural: 'roles',
    namespaced: true,
    growing: 12,
    make: (making) => ({ labels: labelsOf(making), rest: { rules: [reading] } }),
  },
  {
    ...rbac,
    type: 'k8s_cluster_role',
    kind: 'ClusterRole',
    plural: 'clusterroles',
    namespaced: false,
    growing: 60,
    fixed: ['cluster-admin', 'view'],
    make: ({ index, random }) => ({
      labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' },
      rest:
        index === 1
          ? { aggregationRule: { clusterRoleSelectors: [{ matchLabels: {} }] }, rules: null }
          : {
              rules:
                index === 0
                  ? [everything, { nonResourceURLs: ['*'], verbs: ['*'] }]
                  : random.pick([reading], [reading, everything]),
            },
    }),
  },
  {
    ...rbac,
    type: 'k8s_role_binding',
    kind: 'RoleBinding',
    plural: 'rolebindings',
    namespaced: true,
    growing: 15,
    make: (making) => ({
      labels: labelsOf(making),
      rest: {
        roleRef: roleRef('Role', 'reader'),
        ...(making.random.chance(0.9)
          ? { subjects: [{ kind: 'ServiceAccount', name: 'app', namespace: making.namespace }] }
          : {}),
      },
    }),
  },
  {
    ...rbac,
    type: 'k8s_cluster_role_binding',
    kind: 'ClusterRoleBinding',
    plural: 'clusterrolebindings',
    namespaced: false,
    growing: 30,
    fixed: ['cluster-admin'],
    make: ({ index }) => ({
      rest: {
        roleRef: roleRef('ClusterRole', index === 0 ? 'cluster-admin' : 'view'),
        subjects: [
          index % 7 === 3
            ? { apiGroup: rbac.group, kind: 'Group', name: 'system:authenticated' }
            : { apiGroup: rbac.group, kind: 'User', name: 'alice' },
        ],
      },
    }),
  },
  {
    type: 'k8s_pod_disruption_budget',
    group: 'policy',
    version: 'v1',
    kind: 'PodDisruptionBudget',
    plural: 'poddisruptionbudgets',
    namespaced: true,
    growing: 10,
    make: (making) => ({
      labels: labelsOf(making),
      rest: {
        spec: making.random.pick<object>({ minAvailable: '50%' }, { maxUnavailable: 1 }),
        status: { disruptionsAllowed: 1 },
      },
    }),
  },
  {
    ...core,
    type: 'k8s_resource_quota',
    kind: 'ResourceQuota',
    plural: 'resourcequotas',
    namespaced: true,
    growing: 5,
    make: (making) => ({
      labels: labelsOf(making),
      rest: { spec: { hard: { pods: '50', 'requests.cpu': '10' }, scopes: ['NotTerminating'] }, status: { used: {} } },
    }),
  },
];
