import { CANARY } from '../../../lib/local/clouds/sample-cloud.ts';

/** What is put into the real cluster: the examples of Kubernetes' own pages, one or more of every kind. */
export interface Placed {
  /** Of the collection that it is posted to. */
  readonly path: string;
  readonly object: Readonly<Record<string, unknown>>;
  /** Written afterwards as a controller would, since none runs. */
  readonly status?: Readonly<Record<string, unknown>>;
}

const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': `{"password":"${CANARY}"}` };
const meta = (name: string, labels: Record<string, string> = {}) => ({ name, labels, annotations });
const nginx = {
  name: 'nginx',
  image: 'nginx:1.14.2',
  ports: [{ containerPort: 80 }],
  args: [`--password=${CANARY}`],
  env: [{ name: 'PASSWORD', value: CANARY }],
};
const template = (app: string, spec: object = { containers: [nginx] }) => ({ metadata: { labels: { app } }, spec });
const web = '/namespaces/web';
const rbac = '/apis/rbac.authorization.k8s.io/v1';

export const PLACED: readonly Placed[] = [
  {
    path: '/api/v1/namespaces',
    object: { metadata: meta('web', { 'pod-security.kubernetes.io/enforce': 'privileged' }) },
  },
  // https://kubernetes.io/docs/concepts/workloads/controllers/deployment/
  {
    path: `/apis/apps/v1${web}/deployments`,
    object: {
      metadata: meta('nginx-deployment', { app: 'nginx' }),
      spec: { replicas: 3, selector: { matchLabels: { app: 'nginx' } }, template: template('nginx') },
    },
  },
  {
    path: `/apis/apps/v1${web}/deployments`,
    object: {
      metadata: meta('stopped'),
      spec: { replicas: 0, selector: { matchLabels: { app: 'stopped' } }, template: template('stopped') },
    },
  },
  // https://kubernetes.io/docs/concepts/workloads/controllers/replicaset/
  {
    path: `/apis/apps/v1${web}/replicasets`,
    object: {
      metadata: meta('frontend', { app: 'guestbook', tier: 'frontend' }),
      spec: {
        replicas: 3,
        selector: { matchLabels: { app: 'frontend' } },
        template: template('frontend', {
          containers: [{ name: 'php-redis', image: 'us-docker.pkg.dev/google-samples/containers/gke/gb-frontend:v5' }],
        }),
      },
    },
  },
  // https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/
  {
    path: `/apis/apps/v1${web}/daemonsets`,
    object: {
      metadata: meta('fluentd-elasticsearch', { 'k8s-app': 'fluentd-logging' }),
      spec: {
        selector: { matchLabels: { app: 'fluentd' } },
        template: template('fluentd', {
          hostNetwork: true,
          containers: [
            {
              name: 'fluentd-elasticsearch',
              image: 'quay.io/fluentd_elasticsearch/fluentd:v5.0.1',
              resources: { limits: { memory: '200Mi' }, requests: { cpu: '100m', memory: '200Mi' } },
              volumeMounts: [{ name: 'varlog', mountPath: '/var/log' }],
            },
          ],
          volumes: [{ name: 'varlog', hostPath: { path: '/var/log' } }],
        }),
      },
    },
  },
  // https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/
  {
    path: `/apis/apps/v1${web}/statefulsets`,
    object: {
      metadata: meta('web'),
      spec: {
        selector: { matchLabels: { app: 'web' } },
        serviceName: 'nginx',
        replicas: 3,
        template: template('web'),
        volumeClaimTemplates: [
          {
            metadata: { name: 'www' },
            spec: {
              accessModes: ['ReadWriteOnce'],
              storageClassName: 'my-storage-class',
              resources: { requests: { storage: '1Gi' } },
            },
          },
        ],
      },
    },
  },
  // https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
  {
    path: `/api/v1${web}/pods`,
    object: {
      metadata: meta('security-context-demo'),
      spec: {
        securityContext: { runAsUser: 1000, runAsGroup: 3000, fsGroup: 2000 },
        volumes: [{ name: 'sec-ctx-vol', emptyDir: {} }],
        containers: [
          {
            name: 'sec-ctx-demo',
            image: 'busybox:1.28',
            command: ['sh', '-c', 'sleep 1h'],
            securityContext: { allowPrivilegeEscalation: false },
          },
        ],
      },
    },
    status: { phase: 'Running', qosClass: 'BestEffort' },
  },
  {
    path: `/api/v1${web}/pods`,
    object: {
      metadata: meta('privileged'),
      spec: {
        hostPID: true,
        containers: [{ ...nginx, securityContext: { privileged: true, capabilities: { add: ['NET_ADMIN'] } } }],
      },
    },
  },
  // https://kubernetes.io/docs/concepts/workloads/controllers/job/
  {
    path: `/apis/batch/v1${web}/jobs`,
    object: {
      metadata: meta('pi'),
      spec: {
        backoffLimit: 4,
        template: {
          spec: {
            containers: [
              { name: 'pi', image: 'perl:5.34.0', command: ['perl', '-Mbignum=bpi', '-wle', 'print bpi(2000)'] },
            ],
            restartPolicy: 'Never',
          },
        },
      },
    },
  },
  // https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/
  {
    path: `/apis/batch/v1${web}/cronjobs`,
    object: {
      metadata: meta('hello'),
      spec: {
        schedule: '* * * * *',
        jobTemplate: {
          spec: {
            template: {
              spec: {
                containers: [{ name: 'hello', image: 'busybox:1.28', imagePullPolicy: 'IfNotPresent' }],
                restartPolicy: 'OnFailure',
              },
            },
          },
        },
      },
    },
  },
  // https://kubernetes.io/docs/concepts/services-networking/service/
  {
    path: `/api/v1${web}/services`,
    object: {
      metadata: meta('my-service'),
      spec: { type: 'NodePort', selector: { app: 'MyApp' }, ports: [{ port: 80, targetPort: 80, nodePort: 30_007 }] },
    },
  },
  {
    path: `/api/v1${web}/services`,
    object: {
      metadata: meta('balanced'),
      spec: { type: 'LoadBalancer', selector: { app: 'MyApp' }, ports: [{ port: 443 }] },
    },
    status: { loadBalancer: { ingress: [{ ip: '34.120.8.9' }] } },
  },
  // https://kubernetes.io/docs/concepts/services-networking/ingress/
  {
    path: `/apis/networking.k8s.io/v1${web}/ingresses`,
    object: {
      metadata: meta('tls-example-ingress'),
      spec: {
        tls: [{ hosts: ['https-example.foo.com'], secretName: 'testsecret-tls' }],
        rules: [
          {
            host: 'https-example.foo.com',
            http: {
              paths: [
                { path: '/', pathType: 'Prefix', backend: { service: { name: 'service1', port: { number: 80 } } } },
              ],
            },
          },
        ],
      },
    },
  },
  // https://kubernetes.io/docs/concepts/services-networking/network-policies/
  {
    path: `/apis/networking.k8s.io/v1${web}/networkpolicies`,
    object: { metadata: meta('default-deny-ingress'), spec: { podSelector: {}, policyTypes: ['Ingress'] } },
  },
  {
    path: `/apis/networking.k8s.io/v1${web}/networkpolicies`,
    object: {
      metadata: meta('allow-all-ingress'),
      spec: { podSelector: {}, ingress: [{}], policyTypes: ['Ingress'] },
    },
  },
  // https://kubernetes.io/docs/concepts/storage/persistent-volumes/
  {
    path: '/api/v1/persistentvolumes',
    object: {
      metadata: meta('pv0003'),
      spec: {
        capacity: { storage: '5Gi' },
        volumeMode: 'Filesystem',
        accessModes: ['ReadWriteOnce'],
        persistentVolumeReclaimPolicy: 'Recycle',
        storageClassName: 'slow',
        nfs: { path: '/tmp', server: '172.17.0.2' },
      },
    },
  },
  {
    path: `/api/v1${web}/persistentvolumeclaims`,
    object: {
      metadata: meta('myclaim'),
      spec: {
        accessModes: ['ReadWriteOnce'],
        volumeMode: 'Filesystem',
        resources: { requests: { storage: '8Gi' } },
        storageClassName: 'slow',
      },
    },
  },
  // https://kubernetes.io/docs/concepts/storage/storage-classes/
  {
    path: '/apis/storage.k8s.io/v1/storageclasses',
    object: {
      metadata: meta('low-latency'),
      provisioner: 'csi-driver.example-vendor.example',
      reclaimPolicy: 'Retain',
      allowVolumeExpansion: true,
      volumeBindingMode: 'WaitForFirstConsumer',
      parameters: { encrypted: 'true', secret: CANARY },
    },
  },
  // https://kubernetes.io/docs/concepts/configuration/configmap/
  {
    path: `/api/v1${web}/configmaps`,
    object: {
      metadata: meta('game-demo'),
      data: { player_initial_lives: '3', 'user-interface.properties': `password=${CANARY}` },
    },
  },
  // https://kubernetes.io/docs/concepts/configuration/secret/
  {
    path: `/api/v1${web}/secrets`,
    object: {
      metadata: meta('dotfile-secret'),
      data: { '.secret-file': Buffer.from(CANARY).toString('base64') },
    },
  },
  // https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/
  {
    path: `/api/v1${web}/serviceaccounts`,
    object: { metadata: meta('build-robot'), automountServiceAccountToken: false },
  },
  // https://kubernetes.io/docs/reference/access-authn-authz/rbac/
  {
    path: `${rbac}${web}/roles`,
    object: {
      metadata: meta('pod-reader'),
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'watch', 'list'] }],
    },
  },
  {
    path: `${rbac}/clusterroles`,
    object: {
      metadata: meta('secret-reader'),
      rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'watch', 'list'] }],
    },
  },
  {
    path: `${rbac}${web}/rolebindings`,
    object: {
      metadata: meta('read-pods'),
      subjects: [{ kind: 'User', name: 'jane', apiGroup: 'rbac.authorization.k8s.io' }],
      roleRef: { kind: 'Role', name: 'pod-reader', apiGroup: 'rbac.authorization.k8s.io' },
    },
  },
  {
    path: `${rbac}/clusterrolebindings`,
    object: {
      metadata: meta('read-secrets-global'),
      subjects: [{ kind: 'Group', name: 'system:authenticated', apiGroup: 'rbac.authorization.k8s.io' }],
      roleRef: { kind: 'ClusterRole', name: 'secret-reader', apiGroup: 'rbac.authorization.k8s.io' },
    },
  },
  // https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale-walkthrough/
  {
    path: `/apis/autoscaling/v2${web}/horizontalpodautoscalers`,
    object: {
      metadata: meta('php-apache'),
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'php-apache' },
        minReplicas: 1,
        maxReplicas: 10,
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } },
        ],
      },
    },
  },
  // https://kubernetes.io/docs/tasks/run-application/configure-pdb/
  {
    path: `/apis/policy/v1${web}/poddisruptionbudgets`,
    object: { metadata: meta('zk-pdb'), spec: { minAvailable: 2, selector: { matchLabels: { app: 'zookeeper' } } } },
  },
  // https://kubernetes.io/docs/concepts/policy/resource-quotas/
  {
    path: `/api/v1${web}/resourcequotas`,
    object: {
      metadata: meta('pods-high'),
      spec: { hard: { cpu: '1000', memory: '200Gi', pods: '10' } },
    },
  },
  // https://kubernetes.io/docs/reference/node/node-status/
  {
    path: '/api/v1/nodes',
    object: {
      metadata: meta('node-1', {
        'node.kubernetes.io/instance-type': 'm6i.large',
        'topology.kubernetes.io/zone': 'eu-west-1a',
        'node-role.kubernetes.io/control-plane': '',
      }),
      spec: {
        providerID: 'aws:///eu-west-1a/i-0123456789abcdef0',
        taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }],
      },
    },
    status: {
      capacity: { cpu: '2', memory: '8024000Ki' },
      conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: CANARY }],
      addresses: [
        { type: 'InternalIP', address: '10.0.1.7' },
        { type: 'ExternalIP', address: '54.12.7.8' },
      ],
      nodeInfo: {
        kubeletVersion: 'v1.36.3',
        osImage: 'Bottlerocket OS',
        kernelVersion: '6.12.1',
        architecture: 'amd64',
        containerRuntimeVersion: 'containerd://2.1.4',
        machineID: '',
        systemUUID: '',
        bootID: '',
        kubeProxyVersion: '',
        operatingSystem: 'linux',
      },
    },
  },
];
