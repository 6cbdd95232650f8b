import { CANARY } from '../../sample-cloud.ts';
import { bigId, type Data, iso, type Kind, keyOf, labelsFor, named, regionOf, zoneOf } from './kind.ts';

const containerDiscovery = 'https://container.googleapis.com/$discovery/rest?version=v1';

export const clusters: Kind = {
  assetType: 'container.googleapis.com/Cluster',
  type: 'gcp_gke_cluster',
  version: 'v1',
  discovery: containerDiscovery,
  growing: 3,
  make({ project, index, random }) {
    const isZonal = random.chance(0.4);
    const location = isZonal ? zoneOf(random) : regionOf(random);
    const name = named('cluster', index);
    return {
      path: `projects/${project.projectId}/${isZonal ? 'zones' : 'locations'}/${location}/clusters/${name}`,
      location,
      data: {
        name,
        description: CANARY,
        location,
        status: random.pick('RUNNING', 'RUNNING', 'RECONCILING'),
        createTime: iso(random),
        resourceLabels: labelsFor(random),
        currentMasterVersion: '1.34.1-gke.1000',
        currentNodeCount: 3 + random.below(20),
        endpoint: '203.0.113.7',
        network: 'net-0000',
        subnetwork: 'subnet-0000',
        masterAuth: { username: 'admin', password: CANARY, clientKey: CANARY },
        releaseChannel: { channel: 'REGULAR' },
        autopilot: { enabled: random.chance(0.5) },
        privateClusterConfig: { enablePrivateNodes: true, enablePrivateEndpoint: random.chance(0.5) },
        masterAuthorizedNetworksConfig: { enabled: random.chance(0.5) },
        databaseEncryption: random.pick<Data>(
          { state: 'DECRYPTED' },
          { state: 'ENCRYPTED', keyName: keyOf(project, 'us-central1') },
        ),
        workloadIdentityConfig: { workloadPool: `${project.projectId}.svc.id.goog` },
        legacyAbac: { enabled: false },
        shieldedNodes: { enabled: true },
        nodeConfig: { metadata: { 'user-data': CANARY } },
      },
    };
  },
  alter: (data, turn) => ({ ...data, currentMasterVersion: `1.34.1-gke.${1000 + turn}` }),
};

/** Not listed. */
export const nodePools: Kind = {
  assetType: 'container.googleapis.com/NodePool',
  type: 'gcp_container_node_pool',
  version: 'v1',
  discovery: containerDiscovery,
  growing: 4,
  make({ project, index }) {
    const name = named('pool', index);
    return {
      path: `projects/${project.projectId}/locations/us-central1/clusters/cluster-0000/nodePools/${name}`,
      location: 'us-central1',
      data: { name, status: 'RUNNING', config: { metadata: { 'user-data': CANARY } } },
    };
  },
  alter: (data, turn) => ({ ...data, status: turn % 2 === 1 ? 'STOPPING' : 'ERROR' }),
};

/** Not listed, and of a service that is not Google's. */
export const kubernetesNodes: Kind = {
  assetType: 'k8s.io/Node',
  type: 'gcp_k8s_io_node',
  version: 'v1',
  discovery: 'https://raw.githubusercontent.com/kubernetes/kubernetes/master/api/openapi-spec/swagger.json',
  growing: 12,
  make({ project, index, random }) {
    const name = named('node', index);
    return {
      path: `projects/${project.projectId}/locations/us-central1/clusters/cluster-0000/k8s/nodes/${name}`,
      location: 'us-central1',
      data: {
        metadata: { name, creationTimestamp: iso(random), labels: labelsFor(random), annotations: { note: CANARY } },
        status: { nodeInfo: { machineID: CANARY } },
      },
    };
  },
  alter: (data, turn) => ({ ...data, metadata: { ...Object(data.metadata), labels: { revision: String(turn) } } }),
};

export const runServices: Kind = {
  assetType: 'run.googleapis.com/Service',
  type: 'gcp_run_service',
  version: 'v1',
  discovery: 'https://run.googleapis.com/$discovery/rest',
  growing: 10,
  make({ project, index, random }) {
    const region = regionOf(random);
    const name = named('service', index);
    return {
      path: `projects/${project.projectId}/locations/${region}/services/${name}`,
      location: region,
      data: {
        apiVersion: 'serving.knative.dev/v1',
        kind: 'Service',
        metadata: {
          name,
          namespace: project.projectNumber,
          creationTimestamp: iso(random),
          labels: labelsFor(random),
          annotations: {
            'run.googleapis.com/ingress': random.pick('all', 'internal', 'internal-and-cloud-load-balancing'),
            'client.knative.dev/user-image': CANARY,
          },
        },
        spec: {
          template: {
            spec: {
              serviceAccountName: `sa-0000@${project.projectId}.iam.gserviceaccount.com`,
              containers: [
                {
                  image: `${region}-docker.pkg.dev/${project.projectId}/repo-0000/${name}:1`,
                  args: [`--token=${CANARY}`],
                  env: [{ name: 'API_TOKEN', value: CANARY }],
                },
              ],
            },
          },
        },
        status: {
          url: `https://${name}-abcdefghij-uc.a.run.app`,
          conditions: [{ type: 'Ready', status: random.pick('True', 'True', 'False'), message: CANARY }],
        },
      },
    };
  },
  alter: (data, turn) => ({ ...data, status: { url: `https://changed-${turn}.a.run.app` } }),
};

export const functions: Kind = {
  assetType: 'cloudfunctions.googleapis.com/Function',
  type: 'gcp_cloudfunctions_function',
  version: 'v2',
  discovery: 'https://cloudfunctions.googleapis.com/$discovery/rest',
  growing: 6,
  make({ project, index, random }) {
    const region = regionOf(random);
    const path = `projects/${project.projectId}/locations/${region}/functions/${named('fn', index)}`;
    return {
      path,
      location: region,
      data: {
        name: path,
        description: CANARY,
        state: 'ACTIVE',
        environment: 'GEN_2',
        createTime: iso(random),
        labels: labelsFor(random),
        buildConfig: { runtime: 'nodejs22', entryPoint: 'main', environmentVariables: { TOKEN: CANARY } },
        serviceConfig: {
          ingressSettings: random.pick('ALLOW_ALL', 'ALLOW_INTERNAL_ONLY'),
          serviceAccountEmail: `sa-0000@${project.projectId}.iam.gserviceaccount.com`,
          availableMemory: '256M',
          environmentVariables: { TOKEN: CANARY },
        },
      },
    };
  },
};

export const cloudFunctions: Kind = {
  assetType: 'cloudfunctions.googleapis.com/CloudFunction',
  type: 'gcp_cloudfunctions_cloud_function',
  version: 'v1',
  discovery: 'https://cloudfunctions.googleapis.com/$discovery/rest',
  growing: 4,
  make({ project, index, random }) {
    const region = regionOf(random);
    const path = `projects/${project.projectId}/locations/${region}/functions/${named('old-fn', index)}`;
    return {
      path,
      location: region,
      data: {
        name: path,
        description: CANARY,
        status: random.pick('ACTIVE', 'OFFLINE'),
        runtime: 'nodejs20',
        updateTime: iso(random),
        labels: labelsFor(random),
        availableMemoryMb: 256,
        ingressSettings: 'ALLOW_ALL',
        httpsTrigger: {
          url: `https://${region}-${project.projectId}.cloudfunctions.net/f`,
          securityLevel: 'SECURE_ALWAYS',
        },
        serviceAccountEmail: `${project.projectId}@appspot.gserviceaccount.com`,
        environmentVariables: { TOKEN: CANARY },
        sourceUploadUrl: CANARY,
      },
    };
  },
};

/** Not listed. */
export const buildTriggers: Kind = {
  assetType: 'cloudbuild.googleapis.com/BuildTrigger',
  type: 'gcp_cloudbuild_build_trigger',
  version: 'v1',
  discovery: 'https://cloudbuild.googleapis.com/$discovery/rest',
  growing: 3,
  make({ project, index, random }) {
    const id = bigId(random);
    return {
      path: `projects/${project.projectId}/locations/global/triggers/${id}${index}`,
      location: 'global',
      data: { id, name: named('trigger', index), createTime: iso(random), substitutions: { _TOKEN: CANARY } },
    };
  },
  alter: (data, turn) => ({ ...data, createTime: new Date(Date.UTC(2024, 0, turn)).toISOString() }),
};
