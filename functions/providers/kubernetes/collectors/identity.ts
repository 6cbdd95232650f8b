import * as z from 'zod';
import { known } from '../../../domain/resource.ts';
import { fields, kindCollector, kindFacts } from '../collector.ts';
import { once } from '../once.ts';

const GROUP = 'rbac.authorization.k8s.io';

/** Who may do what. @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/ */
export const facts = {
  serviceAccount: kindFacts({ group: '', version: 'v1', kind: 'ServiceAccount', plural: 'serviceaccounts' }),
  role: kindFacts({ group: GROUP, version: 'v1', kind: 'Role', plural: 'roles' }),
  clusterRole: kindFacts({ group: GROUP, version: 'v1', kind: 'ClusterRole', plural: 'clusterroles' }),
  roleBinding: kindFacts({ group: GROUP, version: 'v1', kind: 'RoleBinding', plural: 'rolebindings' }),
  clusterRoleBinding: kindFacts({
    group: GROUP,
    version: 'v1',
    kind: 'ClusterRoleBinding',
    plural: 'clusterrolebindings',
  }),
} as const;

const serviceAccount = /* @__PURE__ */ kindCollector(
  () => facts.serviceAccount,
  () => ({
    item: z.object({
      automountServiceAccountToken: z.boolean().nullish(),
      secrets: z.array(z.object({})).nullish(),
      imagePullSecrets: z.array(z.object({})).nullish(),
    }),
    toResource: (item) => ({
      configuration: fields({
        automount_token: known(item.automountServiceAccountToken ?? undefined),
        token_secrets: item.secrets?.length ?? 0,
        image_pull_secrets: item.imagePullSecrets?.length ?? 0,
      }),
    }),
  }),
);

const rules = /* @__PURE__ */ once(() =>
  z
    .array(
      z.object({
        verbs: z.array(z.string()),
        apiGroups: z.array(z.string()).nullish(),
        resources: z.array(z.string()).nullish(),
      }),
    )
    .nullish(),
);
type Rule = NonNullable<z.infer<ReturnType<typeof rules>>>[number];

const RBAC_RESOURCES = ['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'];
const IDENTITIES = ['users', 'groups', 'serviceaccounts'];

/** Whether a rule lets one do any of these to any of those; `*` stands for all of a kind. */
const can = (rule: Rule, group: string, verbs: readonly string[], resources: readonly string[]): boolean =>
  (rule.apiGroups ?? []).some((one) => one === '*' || one === group) &&
  rule.verbs.some((one) => one === '*' || verbs.includes(one)) &&
  (rule.resources ?? []).some((one) => one === '*' || resources.includes(one));

/** What makes a role dangerous: everything, secrets, or a way to more rights than its own. */
function powers(given: readonly Rule[]) {
  const some = (group: string, verbs: readonly string[], resources: readonly string[]): boolean =>
    given.some((rule) => can(rule, group, verbs, resources));
  return {
    rules: given.length,
    wildcard_verbs: known(given.some(({ verbs }) => verbs.includes('*'))),
    wildcard_resources: known(given.some(({ resources }) => (resources ?? []).includes('*'))),
    reads_secrets: known(some('', ['get', 'list', 'watch'], ['secrets'])),
    runs_in_pods: known(some('', ['create', 'get'], ['pods/exec', 'pods/attach'])),
    creates_pods: known(some('', ['create'], ['pods'])),
    escalates: known(some(GROUP, ['escalate', 'bind'], RBAC_RESOURCES) || some('', ['impersonate'], IDENTITIES)),
  };
}

const role = /* @__PURE__ */ kindCollector(
  () => facts.role,
  () => ({
    item: z.object({ rules: rules() }),
    toResource: (item) => ({ configuration: fields(powers(item.rules ?? [])) }),
  }),
);

const clusterRole = /* @__PURE__ */ kindCollector(
  () => facts.clusterRole,
  () => ({
    item: z.object({ rules: rules(), aggregationRule: z.object({}).nullish() }),
    toResource: ({ rules: given, aggregationRule }) => ({
      configuration: fields({
        ...powers(given ?? []),
        aggregated: known((aggregationRule ?? undefined) !== undefined),
      }),
    }),
  }),
);

const binding = /* @__PURE__ */ once(() =>
  z.object({
    roleRef: z.object({ kind: z.string(), name: z.string() }),
    subjects: z.array(z.object({ kind: z.string(), name: z.string(), namespace: z.string().optional() })).nullish(),
  }),
);
const EVERYBODY: readonly string[] = [
  'Group/system:authenticated',
  'Group/system:unauthenticated',
  'Group/system:serviceaccounts',
  'User/system:anonymous',
];

function bound({ roleRef, subjects }: z.infer<ReturnType<typeof binding>>) {
  const names = (subjects ?? []).map(
    ({ kind, name, namespace }) => `${kind}/${namespace === undefined ? '' : `${namespace}/`}${name}`,
  );
  return {
    configuration: fields({
      role: `${roleRef.kind}/${roleRef.name}`,
      subjects: names,
      admin: known(roleRef.kind === 'ClusterRole' && ['admin', 'cluster-admin'].includes(roleRef.name)),
      everybody: known(names.some((name) => EVERYBODY.includes(name))),
    }),
  };
}

const roleBinding = /* @__PURE__ */ kindCollector(
  () => facts.roleBinding,
  () => ({ item: binding(), toResource: bound }),
);
const clusterRoleBinding = /* @__PURE__ */ kindCollector(
  () => facts.clusterRoleBinding,
  () => ({
    item: binding(),
    toResource: bound,
  }),
);

export const collectors = [serviceAccount, role, clusterRole, roleBinding, clusterRoleBinding];
