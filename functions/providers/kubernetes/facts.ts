import * as z from 'zod';
import type { CloudFacts, PermissionsDocument } from '../contract.ts';
import * as registered from './collectors/registered.ts';

const collectors = Object.values(registered).flatMap((group) => Object.values(group));

/** What naming the cluster takes; without it the cluster is known by its address and authority. */
const CLUSTER_PERMISSION = 'get:namespaces/kube-system';
const NAME = 'infraaudit-read';
const NAMESPACE = 'infraaudit';
const TOKEN = 'infraaudit-token';
const KUBECTL = 'kubectl config --kubeconfig=infraaudit.yaml';

/**
 * A service account that may list what the collectors read and nothing else, with a token that does not end. `list` on
 * secrets is needed for their names; RBAC knows no way to grant names without values, but values are never asked for.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/
 */
function permissions(): PermissionsDocument {
  const metadata = { name: NAME };
  return {
    format: 'kubernetes-cluster-role',
    permissions: [...new Set([CLUSTER_PERMISSION, ...collectors.flatMap((one) => one.permissions)])].sort(),
    document: {
      apiVersion: 'v1',
      kind: 'List',
      items: [
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
        { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { ...metadata, namespace: NAMESPACE } },
        { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata, rules: rules() },
        {
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'ClusterRoleBinding',
          metadata,
          roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: NAME },
          subjects: [{ kind: 'ServiceAccount', name: NAME, namespace: NAMESPACE }],
        },
        {
          apiVersion: 'v1',
          kind: 'Secret',
          type: 'kubernetes.io/service-account-token',
          metadata: {
            name: TOKEN,
            namespace: NAMESPACE,
            annotations: { 'kubernetes.io/service-account.name': NAME },
          },
        },
      ],
    },
    howTo: [
      'kubectl apply -f infraaudit-read.json   # the document of this answer, saved under that name',
      `kubectl config view --raw --minify --flatten -o jsonpath='{.clusters[0].cluster.certificate-authority-data}' | base64 -d > infraaudit-ca.crt`,
      `${KUBECTL} set-cluster cluster --server="$(kubectl config view --minify -o jsonpath='{.clusters[0].cluster.server}')" --certificate-authority=infraaudit-ca.crt --embed-certs`,
      `${KUBECTL} set-credentials infraaudit --token="$(kubectl -n ${NAMESPACE} get secret ${TOKEN} -o jsonpath='{.data.token}' | base64 -d)"`,
      `${KUBECTL} set-context infraaudit --cluster=cluster --user=infraaudit`,
      `${KUBECTL} use-context infraaudit`,
    ],
  };
}

/** One rule per API group, in the order of their names. */
function rules() {
  const groups = [...new Set(collectors.map(({ group }) => group))].sort();
  return [
    { apiGroups: [''], resources: ['namespaces'], resourceNames: ['kube-system'], verbs: ['get'] },
    ...groups.map((group) => ({
      apiGroups: [group],
      resources: collectors
        .filter((one) => one.group === group)
        .map(({ plural }) => plural)
        .sort(),
      verbs: ['list'],
    })),
  ];
}

/** Kubernetes as it is known without its client. A cluster bills nobody. */
export const kubernetesFacts = {
  name: 'kubernetes',
  body: z.strictObject({ kubeconfig: z.string() }),
  secretFields: ['kubeconfig'],
  collectors,
  permissions,
} as const satisfies CloudFacts;
