import * as z from 'zod';
import { type Answer, type Configuration, known } from '../../domain/resource.ts';
import { once } from './once.ts';

/** What is read of a container: how it runs, never what it is told (commands, arguments, environment). */
const container = /* @__PURE__ */ once(() =>
  z.object({
    image: z.string().optional(),
    securityContext: z
      .object({
        privileged: z.boolean().nullish(),
        runAsNonRoot: z.boolean().nullish(),
        runAsUser: z.number().nullish(),
        allowPrivilegeEscalation: z.boolean().nullish(),
        readOnlyRootFilesystem: z.boolean().nullish(),
        capabilities: z.object({ add: z.array(z.string()).nullish() }).nullish(),
      })
      .nullish(),
    resources: z.object({ limits: z.record(z.string(), z.unknown()).nullish() }).nullish(),
  }),
);
type Container = z.infer<ReturnType<typeof container>>;

/** @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/ */
export const podSpec = /* @__PURE__ */ once(() =>
  z.object({
    containers: z.array(container()),
    initContainers: z.array(container()).nullish(),
    ephemeralContainers: z.array(container()).nullish(),
    serviceAccountName: z.string().optional(),
    automountServiceAccountToken: z.boolean().nullish(),
    hostNetwork: z.boolean().optional(),
    hostPID: z.boolean().optional(),
    hostIPC: z.boolean().optional(),
    nodeName: z.string().optional(),
    securityContext: z.object({ runAsNonRoot: z.boolean().nullish(), runAsUser: z.number().nullish() }).nullish(),
    volumes: z.array(z.object({ hostPath: z.object({}).nullish() })).nullish(),
  }),
);
export type PodSpec = z.infer<ReturnType<typeof podSpec>>;
export const podTemplate = /* @__PURE__ */ once(() => z.object({ spec: podSpec() }));

/**
 * What an auditor asks of a pod or of a template for them. `privileged`, the host's namespaces and a read-only root are
 * `false` by definition where they are absent; who runs as root, or may become it, is then the image's matter: unknown.
 */
export function podConfiguration(spec: PodSpec): Configuration {
  const containers = [...spec.containers, ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])];
  const some = (is: (one: Container) => boolean): Answer => known(containers.some(is));
  const images = containers.flatMap(({ image }) => (image === undefined ? [] : [image]));
  const capabilities = containers.flatMap(({ securityContext }) => securityContext?.capabilities?.add ?? []);
  return {
    images: unique(images),
    containers: spec.containers.length,
    service_account: spec.serviceAccountName ?? 'default',
    automount_token: known(spec.automountServiceAccountToken ?? undefined),
    privileged: some(({ securityContext }) => securityContext?.privileged === true),
    privilege_escalation: escalation(containers),
    run_as_non_root: nonRoot(spec, containers),
    read_only_root: known(containers.every(({ securityContext }) => securityContext?.readOnlyRootFilesystem === true)),
    host_network: known(spec.hostNetwork ?? false),
    host_pid: known(spec.hostPID ?? false),
    host_ipc: known(spec.hostIPC ?? false),
    host_path: known((spec.volumes ?? []).some(({ hostPath }) => hostPath !== undefined && hostPath !== null)),
    added_capabilities: unique(capabilities),
    memory_limits: known(spec.containers.every(({ resources }) => resources?.limits?.memory !== undefined)),
  };
}

function escalation(containers: readonly Container[]): Answer {
  const said = containers.map(({ securityContext }) => securityContext?.allowPrivilegeEscalation ?? undefined);
  if (said.includes(true)) return 'yes';
  return said.includes(undefined) ? 'unknown' : 'no';
}

/** A container's own word goes before the pod's; a user above 0 is as good as the promise. */
function nonRoot(spec: PodSpec, containers: readonly Container[]): Answer {
  const said = containers.map(({ securityContext }): Answer => {
    const user = securityContext?.runAsUser ?? spec.securityContext?.runAsUser ?? undefined;
    const promised = securityContext?.runAsNonRoot ?? spec.securityContext?.runAsNonRoot ?? undefined;
    if (promised === true) return 'yes';
    return user === undefined ? 'unknown' : known(user > 0);
  });
  if (said.includes('no')) return 'no';
  return said.includes('unknown') ? 'unknown' : 'yes';
}

const unique = (values: readonly string[]): string[] => [...new Set(values)].sort();
