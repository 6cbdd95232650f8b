import * as z from 'zod';
import { known } from '../../../domain/resource.ts';
import { fields, kindCollector, kindFacts } from '../collector.ts';
import { once } from '../once.ts';

/** Where data is. @see https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/ */
export const facts = {
  persistentVolume: kindFacts({ group: '', version: 'v1', kind: 'PersistentVolume', plural: 'persistentvolumes' }),
  persistentVolumeClaim: kindFacts({
    group: '',
    version: 'v1',
    kind: 'PersistentVolumeClaim',
    plural: 'persistentvolumeclaims',
  }),
  storageClass: kindFacts({ group: 'storage.k8s.io', version: 'v1', kind: 'StorageClass', plural: 'storageclasses' }),
} as const;

const size = /* @__PURE__ */ once(() => z.object({ storage: z.string().optional() }).nullish());
const phase = /* @__PURE__ */ once(() => z.object({ phase: z.string().optional() }).optional());

const persistentVolume = /* @__PURE__ */ kindCollector(
  () => facts.persistentVolume,
  () => ({
    item: z.object({
      spec: z.object({
        capacity: size(),
        accessModes: z.array(z.string()).nullish(),
        persistentVolumeReclaimPolicy: z.string().optional(),
        storageClassName: z.string().optional(),
        volumeMode: z.string().optional(),
        claimRef: z.object({ namespace: z.string().optional(), name: z.string().optional() }).nullish(),
        csi: z.object({ driver: z.string() }).nullish(),
        hostPath: z.object({}).nullish(),
        local: z.object({}).nullish(),
        nfs: z.object({}).nullish(),
      }),
      status: phase(),
    }),
    toResource: ({ spec, status }) => ({
      status: status?.phase?.toLowerCase() ?? 'unknown',
      configuration: fields({
        capacity: spec.capacity?.storage,
        access_modes: spec.accessModes ?? [],
        reclaim_policy: spec.persistentVolumeReclaimPolicy,
        storage_class: spec.storageClassName,
        volume_mode: spec.volumeMode,
        claim: spec.claimRef ? `${spec.claimRef.namespace ?? ''}/${spec.claimRef.name ?? ''}` : undefined,
        source: sourceOf(spec),
        // The object does not say whether the disk behind it is.
        encrypted: 'unknown',
      }),
    }),
  }),
);

function sourceOf(spec: {
  readonly csi?: { readonly driver: string } | null | undefined;
  readonly hostPath?: object | null | undefined;
  readonly local?: object | null | undefined;
  readonly nfs?: object | null | undefined;
}): string {
  if (spec.csi) return spec.csi.driver;
  if (spec.hostPath) return 'host_path';
  if (spec.local) return 'local';
  return spec.nfs ? 'nfs' : 'other';
}

const persistentVolumeClaim = /* @__PURE__ */ kindCollector(
  () => facts.persistentVolumeClaim,
  () => ({
    item: z.object({
      spec: z.object({
        accessModes: z.array(z.string()).nullish(),
        storageClassName: z.string().nullish(),
        volumeName: z.string().optional(),
        volumeMode: z.string().nullish(),
        resources: z.object({ requests: size() }).optional(),
      }),
      status: phase(),
    }),
    toResource: ({ spec, status }) => ({
      status: status?.phase?.toLowerCase() ?? 'unknown',
      configuration: fields({
        requested: spec.resources?.requests?.storage,
        access_modes: spec.accessModes ?? [],
        storage_class: spec.storageClassName ?? undefined,
        volume: spec.volumeName,
        volume_mode: spec.volumeMode ?? undefined,
      }),
    }),
  }),
);

const storageClass = /* @__PURE__ */ kindCollector(
  () => facts.storageClass,
  () => ({
    item: z.object({
      provisioner: z.string(),
      reclaimPolicy: z.string().nullish(),
      volumeBindingMode: z.string().nullish(),
      allowVolumeExpansion: z.boolean().nullish(),
      // Parameters are the driver's own and may name secrets; only this one is asked about.
      parameters: z.object({ encrypted: z.string().optional() }).nullish(),
    }),
    toResource: (item) => ({
      configuration: fields({
        provisioner: item.provisioner,
        reclaim_policy: item.reclaimPolicy ?? undefined,
        binding_mode: item.volumeBindingMode ?? undefined,
        expandable: known(item.allowVolumeExpansion ?? false),
        encrypted: encryptedOf(item.parameters?.encrypted),
      }),
    }),
  }),
);

/** Absent, it is the driver's default or the cloud's. */
function encryptedOf(parameter: string | undefined): 'yes' | 'no' | 'unknown' {
  if (parameter === 'true') return 'yes';
  return parameter === 'false' ? 'no' : 'unknown';
}

export const collectors = [persistentVolume, persistentVolumeClaim, storageClass];
