import { describe, expect, test } from 'vitest';
import { toResource } from '../../../../functions/providers/gcp/mappings/asset.ts';
import { LISTED_TYPES, mappedTypes, typeOf } from '../../../../functions/providers/gcp/types.ts';

/** What each mapping answers of an asset's data, and where it must say that it does not know. */
const read = (assetType: string, data: object, location?: string) =>
  toResource({
    name: `//x.googleapis.com/projects/p/things/thing`,
    assetType,
    resource: { data: { ...data }, ...(location === undefined ? {} : { location }) },
  });
const of = (assetType: string, data: object) => read(assetType, data).configuration;

test('the promised types have their names', () => {
  expect(LISTED_TYPES).toEqual(
    expect.arrayContaining(['gcp_compute_instance', 'gcp_storage_bucket', 'gcp_bigquery_dataset', 'gcp_gke_cluster']),
  );
});

test('a listed type is named as an unlisted one would be, GKE aside', () => {
  const regional = /(Region|Global)(?=Disk|BackendService|ForwardingRule|Address)/;
  for (const [assetType, type] of Object.entries(mappedTypes)) {
    if (assetType === 'container.googleapis.com/Cluster') continue;
    const [service = '', kind = ''] = assetType.replace(regional, '').split('/');
    expect(type).toBe(typeOf(`${service.replace('.googleapis.com', '')}.example/${kind}`).replace('_example', ''));
  }
});

test('names of unlisted types are made of service and kind', () => {
  const names: Record<string, string> = {
    'compute.googleapis.com/TargetHttpsProxy': 'gcp_compute_target_https_proxy',
    'compute.googleapis.com/URLMap': 'gcp_compute_url_map',
    'k8s.io/Pod': 'gcp_k8s_io_pod',
    'rbac.authorization.k8s.io/ClusterRole': 'gcp_rbac_authorization_k8s_io_cluster_role',
    'dataproc.googleapis.com/AutoscalingPolicy': 'gcp_dataproc_autoscaling_policy',
  };
  for (const [assetType, name] of Object.entries(names)) expect(typeOf(assetType)).toBe(name);
});

describe('nothing is a no because it is absent', () => {
  for (const assetType of Object.keys(mappedTypes)) {
    test(`${assetType} without any data answers no question with no`, () => {
      const { configuration, status, tags, region } = read(assetType, {});
      expect(Object.values(configuration)).not.toContain('no');
      expect({ status, tags, region }).toEqual({ status: 'active', tags: {}, region: 'global' });
    });
  }
});

describe('answers', () => {
  test('an instance: TERMINATED is stopped, and an address that is public is told', () => {
    const one = read('compute.googleapis.com/Instance', {
      status: 'TERMINATED',
      networkInterfaces: [{ networkIP: '10.0.0.2' }, { accessConfigs: [{ natIP: '203.0.113.9' }] }],
    });
    expect(one).toMatchObject({
      status: 'stopped',
      configuration: { public_address: 'yes', public_ip: '203.0.113.9' },
    });
    expect(of('compute.googleapis.com/Instance', { networkInterfaces: [{}] })).toMatchObject({ public_address: 'no' });
    expect(of('compute.googleapis.com/Instance', {})).toMatchObject({ public_address: 'unknown' });
    expect(of('compute.googleapis.com/Instance', { networkInterfaces: [{ ipv6AccessConfigs: [{}] }] })).toMatchObject({
      public_address: 'yes',
    });
  });

  test('a bucket is not public where that is prevented, and else nobody knows', () => {
    const bucket = (publicAccessPrevention: string) =>
      of('storage.googleapis.com/Bucket', { iamConfiguration: { publicAccessPrevention } });
    expect(bucket('enforced')).toMatchObject({ public: 'no' });
    expect(bucket('inherited')).toMatchObject({ public: 'unknown', public_reason: expect.any(String) });
    expect(of('storage.googleapis.com/Bucket', {})).toMatchObject({ encrypted: 'yes', encryption: 'google' });
    expect(of('storage.googleapis.com/Bucket', { encryption: { defaultKmsKeyName: 'k' } })).toMatchObject({
      encryption: 'customer',
      kms_key: 'k',
    });
  });

  test('a data set is public where everybody is granted, and else nobody knows', () => {
    const dataset = (...access: object[]) => of('bigquery.googleapis.com/Dataset', { access });
    expect(dataset({ specialGroup: 'projectOwners' }, { specialGroup: 'allAuthenticatedUsers' })).toMatchObject({
      public: 'yes',
    });
    expect(dataset({ iamMember: 'allUsers' })).toMatchObject({ public: 'yes' });
    expect(dataset({ specialGroup: 'projectOwners' })).toMatchObject({ public: 'unknown' });
  });

  test('a firewall is open where everybody comes in', () => {
    const firewall = (data: object) => of('compute.googleapis.com/Firewall', data).open_to_all;
    const allowed = [{ IPProtocol: 'tcp', ports: ['22'] }];
    expect(firewall({ direction: 'INGRESS', allowed, sourceRanges: ['10.0.0.0/8', '0.0.0.0/0'] })).toBe('yes');
    expect(firewall({ direction: 'INGRESS', allowed, sourceRanges: ['::/0'] })).toBe('yes');
    expect(firewall({ direction: 'INGRESS', allowed, sourceRanges: ['10.0.0.0/8'] })).toBe('no');
    expect(firewall({ direction: 'INGRESS', allowed })).toBe('unknown');
    expect(firewall({ direction: 'INGRESS', allowed, sourceRanges: ['0.0.0.0/0'], disabled: true })).toBe('no');
    expect(firewall({ direction: 'INGRESS', denied: allowed, sourceRanges: ['0.0.0.0/0'] })).toBe('no');
    expect(firewall({ direction: 'EGRESS', allowed, sourceRanges: ['0.0.0.0/0'] })).toBe('no');
    expect(of('compute.googleapis.com/Firewall', { allowed: [{ ipProtocol: 'udp' }] })).toMatchObject({
      allowed: ['udp'],
    });
  });

  test('a database that shall not run is stopped, and whether it wants TLS is read of either setting', () => {
    const sql = 'sqladmin.googleapis.com/Instance';
    expect(read(sql, { state: 'RUNNABLE', settings: { activationPolicy: 'NEVER' } }).status).toBe('stopped');
    const ssl = (ipConfiguration: object) => of(sql, { settings: { ipConfiguration } }).ssl_required;
    expect(ssl({ sslMode: 'ENCRYPTED_ONLY' })).toBe('yes');
    expect(ssl({ sslMode: 'ALLOW_UNENCRYPTED_AND_ENCRYPTED', requireSsl: true })).toBe('no');
    expect(ssl({ requireSsl: true })).toBe('yes');
    expect(ssl({})).toBe('unknown');
  });

  test('a cluster’s endpoint is public where it is not private, once that is said', () => {
    const cluster = (privateClusterConfig: object) => of('container.googleapis.com/Cluster', { privateClusterConfig });
    expect(cluster({ enablePrivateEndpoint: true })).toMatchObject({ public_endpoint: 'no' });
    expect(cluster({ enablePrivateEndpoint: false })).toMatchObject({ public_endpoint: 'yes' });
    expect(cluster({})).toMatchObject({ public_endpoint: 'unknown' });
    expect(of('container.googleapis.com/Cluster', { databaseEncryption: { state: 'DECRYPTED' } })).toMatchObject({
      secrets_encrypted: 'no',
    });
  });

  test('a Cloud Run service reads alike in both versions of its API', () => {
    const first = read('run.googleapis.com/Service', {
      metadata: {
        name: 'web',
        labels: { a: 'b' },
        creationTimestamp: '2024-01-15T10:00:00Z',
        annotations: { 'run.googleapis.com/ingress': 'all', secret: 'x' },
      },
      spec: {
        template: { spec: { serviceAccountName: 's', containers: [{ image: 'i', env: [{ name: 'T', value: 'x' }] }] } },
      },
      status: { url: 'https://web', conditions: [{ type: 'Ready', status: 'True' }] },
    });
    const second = read('run.googleapis.com/Service', {
      name: 'projects/p/locations/l/services/web',
      labels: { a: 'b' },
      createTime: '2024-01-15T10:00:00Z',
      ingress: 'INGRESS_TRAFFIC_ALL',
      template: { serviceAccount: 's', containers: [{ image: 'i' }] },
      uri: 'https://web',
    });
    expect(second).toEqual(first);
    expect(first.configuration).toMatchObject({ ingress: 'all', reachable_from_internet: 'yes', images: ['i'] });
  });

  test('a key that rotates says so, and of one that does not tell nobody knows', () => {
    const key = 'cloudkms.googleapis.com/CryptoKey';
    expect(of(key, { rotationPeriod: '7776000s' })).toMatchObject({ rotated: 'yes' });
    expect(of(key, {})).toMatchObject({ rotated: 'unknown' });
    expect(read(key, { primary: { state: 'DESTROY_SCHEDULED' } }).status).toBe('destroy_scheduled');
  });

  test('a push endpoint is only told to be one', () => {
    const subscription = of('pubsub.googleapis.com/Subscription', {
      pushConfig: { pushEndpoint: 'https://x/?token=secret' },
    });
    expect(subscription).toMatchObject({ delivery: 'push' });
    expect(JSON.stringify(subscription)).not.toContain('secret');
    expect(of('pubsub.googleapis.com/Subscription', { pushConfig: {} })).toMatchObject({ delivery: 'pull' });
  });

  test('a project reads alike in both versions of its API', () => {
    const project = 'cloudresourcemanager.googleapis.com/Project';
    const first = of(project, { projectId: 'p', projectNumber: '1', parent: { type: 'folder', id: '2' } });
    expect(of(project, { projectId: 'p', projectNumber: 1, parent: 'folders/2' })).toEqual(first);
  });

  test('times come in every form that Google writes them in', () => {
    const made = (data: object) => read('bigquery.googleapis.com/Dataset', data).created_at;
    expect(made({ creationTime: '1705312800000' })).toBe('2024-01-15T10:00:00.000Z');
    expect(read('compute.googleapis.com/Disk', { creationTimestamp: '2024-01-15T02:00:00.000-08:00' }).created_at).toBe(
      '2024-01-15T10:00:00.000Z',
    );
    expect(made({ creationTime: 'yesterday' })).toBeUndefined();
  });

  test('a region is written alike, whichever API says it, or stands in the name where none does', () => {
    expect(read('storage.googleapis.com/Bucket', {}, 'US').region).toBe('us');
    const name = '//compute.googleapis.com/projects/p/zones/europe-west1-b/disks/d';
    expect(toResource({ name, assetType: 'compute.googleapis.com/Disk' }).region).toBe('europe-west1-b');
  });
});

test('of an unlisted type, states that are no words and labels that are none are left', () => {
  const odd = read('x.googleapis.com/Y', {
    state: { secret: 1 },
    status: 'has free text',
    labels: { a: 1 },
    createTime: 5,
  });
  expect(odd).toMatchObject({ status: 'active', tags: {}, configuration: {} });
  expect(odd.created_at).toBeUndefined();
});
