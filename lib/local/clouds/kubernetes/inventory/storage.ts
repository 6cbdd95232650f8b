import { CANARY } from '../../sample-cloud.ts';
import type { Kind } from './kind.ts';
import { labelsOf } from './pods.ts';

const core = { group: '', version: 'v1' } as const;
const secretData = (key: string) => ({ [key]: Buffer.from(CANARY).toString('base64'), plain: CANARY });

export const storage: readonly Kind[] = [
  {
    ...core,
    type: 'k8s_persistent_volume',
    kind: 'PersistentVolume',
    plural: 'persistentvolumes',
    namespaced: false,
    growing: 20,
    make: (making) => ({
      rest: {
        spec: {
          capacity: { storage: '20Gi' },
          accessModes: ['ReadWriteOnce'],
          persistentVolumeReclaimPolicy: making.random.pick('Delete', 'Retain'),
          storageClassName: 'fast',
          volumeMode: 'Filesystem',
          claimRef: {
            kind: 'PersistentVolumeClaim',
            namespace: 'web',
            name: `web-persistentvolumeclaim-${making.index}`,
          },
          csi: { driver: 'ebs.csi.aws.com', volumeHandle: 'vol-1', volumeAttributes: { key: CANARY } },
        },
        status: { phase: making.random.pick('Bound', 'Bound', 'Released') },
      },
    }),
  },
  {
    ...core,
    type: 'k8s_persistent_volume_claim',
    kind: 'PersistentVolumeClaim',
    plural: 'persistentvolumeclaims',
    namespaced: true,
    growing: 20,
    make: (making) => ({
      labels: labelsOf(making),
      rest: {
        spec: {
          accessModes: ['ReadWriteOnce'],
          resources: { requests: { storage: '20Gi' } },
          volumeName: `web-persistentvolume-${making.index}`,
          storageClassName: 'fast',
          volumeMode: 'Filesystem',
        },
        status: { phase: making.random.pick('Bound', 'Pending'), capacity: { storage: '20Gi' } },
      },
    }),
  },
  {
    type: 'k8s_storage_class',
    group: 'storage.k8s.io',
    version: 'v1',
    kind: 'StorageClass',
    plural: 'storageclasses',
    namespaced: false,
    growing: 0,
    fixed: ['fast', 'slow'],
    make: ({ index }) => ({
      rest: {
        provisioner: 'ebs.csi.aws.com',
        parameters: { type: 'gp3', ...(index === 0 ? { encrypted: 'true' } : {}), adminSecret: CANARY },
        reclaimPolicy: 'Delete',
        volumeBindingMode: 'WaitForFirstConsumer',
        allowVolumeExpansion: true,
      },
    }),
  },
  {
    ...core,
    type: 'k8s_config_map',
    kind: 'ConfigMap',
    plural: 'configmaps',
    namespaced: true,
    growing: 60,
    make: (making) => ({
      labels: labelsOf(making),
      rest: {
        ...(making.random.chance(0.9) ? { data: { 'app.properties': `password=${CANARY}`, 'log.level': CANARY } } : {}),
        ...(making.random.chance(0.2) ? { binaryData: { 'cert.der': Buffer.from(CANARY).toString('base64') } } : {}),
        ...(making.random.chance(0.2) ? { immutable: true } : {}),
      },
    }),
  },
  {
    ...core,
    type: 'k8s_secret',
    kind: 'Secret',
    plural: 'secrets',
    namespaced: true,
    growing: 70,
    make: (making) => ({ labels: labelsOf(making), rest: { data: secretData('password'), type: 'Opaque' } }),
  },
];
