import { CANARY } from '../../sample-cloud.ts';
import { bigId, computeUrl, type Data, type Kind, keyOf, labelsFor, named, pacific, regionOf, zoneOf } from './kind.ts';

const discovery = 'https://www.googleapis.com/discovery/v1/apis/compute/v1/rest';

export const instances: Kind = {
  assetType: 'compute.googleapis.com/Instance',
  type: 'gcp_compute_instance',
  version: 'v1',
  discovery,
  growing: 60,
  make({ project, index, random }) {
    const zone = zoneOf(random);
    const region = zone.slice(0, -2);
    const name = named('vm', index);
    const nat = random.chance(0.3)
      ? [{ type: 'ONE_TO_ONE_NAT', name: 'External NAT', natIP: `203.0.113.${index % 250}` }]
      : [];
    return {
      path: `projects/${project.projectId}/zones/${zone}/instances/${name}`,
      location: zone,
      data: {
        id: bigId(random),
        name,
        description: CANARY,
        creationTimestamp: pacific(random),
        zone: computeUrl(project, `zones/${zone}`),
        selfLink: computeUrl(project, `zones/${zone}/instances/${name}`),
        machineType: computeUrl(
          project,
          `zones/${zone}/machineTypes/${random.pick('e2-medium', 'n2-standard-4', 'c3-highcpu-8')}`,
        ),
        status: random.pick('RUNNING', 'RUNNING', 'RUNNING', 'TERMINATED', 'SUSPENDED'),
        labels: labelsFor(random),
        canIpForward: false,
        deletionProtection: random.chance(0.2),
        tags: { items: ['web'], fingerprint: 'c2FtcGxl' },
        metadata: {
          fingerprint: 'c2FtcGxl',
          items: [
            { key: 'startup-script', value: `#!/bin/sh\nexport TOKEN=${CANARY}` },
            { key: 'ssh-keys', value: CANARY },
          ],
        },
        networkInterfaces: [
          {
            name: 'nic0',
            network: computeUrl(project, 'global/networks/net-0000'),
            subnetwork: computeUrl(project, `regions/${region}/subnetworks/subnet-0000`),
            networkIP: `10.${index % 200}.${random.below(250)}.${2 + random.below(250)}`,
            accessConfigs: nat,
          },
        ],
        serviceAccounts: [
          {
            email: `sa-0000@${project.projectId}.iam.gserviceaccount.com`,
            scopes: ['https://www.googleapis.com/auth/cloud-platform'],
          },
        ],
        shieldedInstanceConfig: {
          enableSecureBoot: random.chance(0.6),
          enableVtpm: true,
          enableIntegrityMonitoring: true,
        },
        disks: [
          {
            boot: true,
            deviceName: name,
            source: computeUrl(project, `zones/${zone}/disks/${name}`),
            ...(random.chance(0.2)
              ? { diskEncryptionKey: { kmsKeyName: keyOf(project, region), sha256: CANARY } }
              : {}),
          },
        ],
      },
    };
  },
};

const diskData = (
  project: Parameters<Kind['make']>[0]['project'],
  random: Parameters<Kind['make']>[0]['random'],
  name: string,
): Data => ({
  id: bigId(random),
  name,
  description: CANARY,
  creationTimestamp: pacific(random),
  status: random.pick('READY', 'READY', 'READY', 'CREATING'),
  labels: labelsFor(random),
  sizeGb: String(10 * (1 + random.below(50))),
  sourceImage: 'https://www.googleapis.com/compute/v1/projects/debian-cloud/global/images/debian-12-bookworm-v20250610',
  users: random.chance(0.7) ? [computeUrl(project, `zones/us-central1-b/instances/vm-0000`)] : [],
  ...(random.chance(0.3) ? { diskEncryptionKey: { kmsKeyName: keyOf(project, 'us-central1'), rawKey: CANARY } } : {}),
});

export const disks: Kind = {
  assetType: 'compute.googleapis.com/Disk',
  type: 'gcp_compute_disk',
  version: 'v1',
  discovery,
  growing: 70,
  make({ project, index, random }) {
    const zone = zoneOf(random);
    const name = named('disk', index);
    return {
      path: `projects/${project.projectId}/zones/${zone}/disks/${name}`,
      location: zone,
      data: {
        ...diskData(project, random, name),
        zone: computeUrl(project, `zones/${zone}`),
        type: computeUrl(project, `zones/${zone}/diskTypes/${random.pick('pd-ssd', 'pd-balanced')}`),
      },
    };
  },
};

export const regionDisks: Kind = {
  assetType: 'compute.googleapis.com/RegionDisk',
  type: 'gcp_compute_disk',
  variant: true,
  version: 'v1',
  discovery,
  growing: 0,
  fixed: 2,
  make({ project, index, random }) {
    const region = regionOf(random);
    const name = named('regional-disk', index);
    return {
      path: `projects/${project.projectId}/regions/${region}/disks/${name}`,
      location: region,
      data: {
        ...diskData(project, random, name),
        region: computeUrl(project, `regions/${region}`),
        replicaZones: [computeUrl(project, `zones/${region}-b`), computeUrl(project, `zones/${region}-c`)],
        type: computeUrl(project, `regions/${region}/diskTypes/pd-ssd`),
      },
    };
  },
};

export const snapshots: Kind = {
  assetType: 'compute.googleapis.com/Snapshot',
  type: 'gcp_compute_snapshot',
  version: 'v1',
  discovery,
  growing: 25,
  make({ project, index, random }) {
    const name = named('snapshot', index);
    return {
      path: `projects/${project.projectId}/global/snapshots/${name}`,
      location: 'global',
      data: {
        id: bigId(random),
        name,
        description: CANARY,
        creationTimestamp: pacific(random),
        status: 'READY',
        labels: labelsFor(random),
        diskSizeGb: '100',
        storageBytes: String(random.below(2 ** 31)),
        sourceDisk: computeUrl(project, 'zones/us-central1-b/disks/disk-0000'),
        storageLocations: ['us'],
      },
    };
  },
};

/** Not listed: a template holds the start-up script of every instance that is made of it. */
export const instanceTemplates: Kind = {
  assetType: 'compute.googleapis.com/InstanceTemplate',
  type: 'gcp_compute_instance_template',
  version: 'v1',
  discovery,
  growing: 6,
  make({ project, index, random }) {
    const name = named('template', index);
    return {
      path: `projects/${project.projectId}/global/instanceTemplates/${name}`,
      location: 'global',
      data: {
        id: bigId(random),
        name,
        description: CANARY,
        creationTimestamp: pacific(random),
        properties: {
          machineType: 'e2-medium',
          labels: { secret: CANARY },
          metadata: { items: [{ key: 'startup-script', value: CANARY }] },
        },
      },
    };
  },
  alter: (data, turn) => ({ ...data, creationTimestamp: new Date(Date.UTC(2024, 0, turn)).toISOString() }),
};

/** Not listed. */
export const images: Kind = {
  assetType: 'compute.googleapis.com/Image',
  type: 'gcp_compute_image',
  version: 'v1',
  discovery,
  growing: 4,
  make({ project, index, random }) {
    const name = named('image', index);
    return {
      path: `projects/${project.projectId}/global/images/${name}`,
      location: 'global',
      data: {
        id: bigId(random),
        name,
        description: CANARY,
        creationTimestamp: pacific(random),
        status: random.pick('READY', 'READY', 'FAILED'),
        labels: labelsFor(random),
        imageEncryptionKey: { rawKey: CANARY },
      },
    };
  },
};
