"""How boto3 lists every type: the call, the pages, and the external id that follows from AWS's own documentation of ARNs.

From the environment: `PAGE_SIZES`, other sizes by type and for all (`*`), since moto cuts some lists short and gives no token;
`LEFT_OUT`, types that whoever answers does not know; `LISTED_REGIONS`, where not all that are enabled are to be looked
at; `IAM_DETAILS` set: IAM by its authorization details, for an account that answers nothing else.
"""

import functools
import json
import os
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor

from aws_client import client

SIZES = json.loads(os.environ.get("PAGE_SIZES", "{}"))
LEFT_OUT = os.environ.get("LEFT_OUT", "").split(",")


@functools.cache
def account():
    return client("sts").get_caller_identity()["Account"]


def arn(service, region, rest):
    return f"arn:aws:{service}:{region}:{account()}:{rest}"


def size_of(kind, otherwise=5):
    return SIZES.get(kind, SIZES.get("*", otherwise))


def pages(service, region, operation, key, size=None, **arguments):
    """Every item of a list: by botocore's own paginator where it has one, else by the token that `key` stands beside."""
    made = client(service, region)
    if not made.can_paginate(operation):
        yield from by_token(getattr(made, operation), key, arguments)
        return
    config = {} if size is None else {"PageSize": size}
    for page in made.get_paginator(operation).paginate(PaginationConfig=config, **arguments):
        value = page
        for part in key.split("."):
            value = value.get(part, {}) if isinstance(value, dict) else value
        yield from value or []


def by_token(call, key, arguments):
    token = {}
    while True:
        answer = call(**arguments, **token)
        yield from answer.get(key, [])
        name = next((name for name in ("NextToken", "NextMarker") if answer.get(name)), None)
        # Where the last page has a token too, it is the one that holds nothing.
        if name is None or not answer.get(key):
            return
        token = {name: answer[name]}


def ec2(operation, key, kind, field, resource, size=5, **arguments):
    """A list of EC2's, whose items bear ids; their ARNs name the account."""

    def rows(region):
        if kind in LEFT_OUT:
            return
        for one in pages("ec2", region, operation, key, size and size_of(kind, size), **arguments):
            yield kind, region, arn("ec2", region, f"{resource}/{one[field]}")

    return rows


def plain(service, operation, key, kind, identity, size=5, place=None, **arguments):
    """A list whose items hold their ARN, or what makes it."""

    def rows(region):
        if kind in LEFT_OUT:
            return
        for one in pages(service, region, operation, key, size and size_of(kind, size), **arguments):
            yield kind, place or region, one[identity] if isinstance(identity, str) else identity(one, region)

    return rows


def instances(region):
    for reservation in pages("ec2", region, "describe_instances", "Reservations", size_of("ec2_instance")):
        for one in reservation["Instances"]:
            yield "ec2_instance", region, arn("ec2", region, f"instance/{one['InstanceId']}")


def rds(operation, key, suffix):
    def rows(region):
        for one in pages("rds", region, operation, key, size_of("rds", 20)):
            engine = one["Engine"] if one["Engine"] in ("neptune", "docdb") else "rds"
            yield f"{engine}_{suffix}", region, one["DBInstanceArn" if suffix == "instance" else "DBClusterArn"]

    return rows


def eks(region):
    for name in pages("eks", region, "list_clusters", "clusters", size_of("eks_cluster")):
        yield "eks_cluster", region, client("eks", region).describe_cluster(name=name)["cluster"]["arn"]


def ecs(region):
    for cluster in pages("ecs", region, "list_clusters", "clusterArns", size_of("ecs_cluster")):
        yield "ecs_cluster", region, cluster
        for service in pages("ecs", region, "list_services", "serviceArns", size_of("ecs_service"), cluster=cluster):
            yield "ecs_service", region, service


def kms(region):
    for one in pages("kms", region, "list_keys", "Keys", size_of("kms_key")):
        key = client("kms", region).describe_key(KeyId=one["KeyId"])["KeyMetadata"]
        if key["KeyManager"] == "CUSTOMER":
            yield "kms_key", region, key["Arn"]


def sqs(region):
    for url in pages("sqs", region, "list_queues", "QueueUrls", size_of("sqs_queue")):
        answer = client("sqs", region).get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        yield "sqs_queue", region, answer["Attributes"]["QueueArn"]


def opensearch(region):
    for one in pages("opensearch", region, "list_domain_names", "DomainNames"):
        answer = client("opensearch", region).describe_domains(DomainNames=[one["DomainName"]])
        yield "opensearch_domain", region, answer["DomainStatusList"][0]["ARN"]


def alarms(region):
    made = client("cloudwatch", region).get_paginator("describe_alarms")
    for page in made.paginate(AlarmTypes=["MetricAlarm", "CompositeAlarm"], PaginationConfig={"PageSize": size_of("*")}):
        for one in page.get("MetricAlarms", []) + page.get("CompositeAlarms", []):
            yield "cloudwatch_alarm", region, one["AlarmArn"]


def rules(region):
    for bus in pages("events", region, "list_event_buses", "EventBuses"):
        for one in pages("events", region, "list_rules", "Rules", size_of("eventbridge_rule"), EventBusName=bus["Name"]):
            yield "eventbridge_rule", region, one["Arn"]


def certificates(region):
    kinds = client("acm", region).meta.service_model.shape_for("KeyAlgorithm").enum
    for one in pages("acm", region, "list_certificates", "CertificateSummaryList", size_of("acm_certificate"), Includes={"keyTypes": kinds}):
        yield "acm_certificate", region, one["CertificateArn"]


def web_acls(scope, place=None):
    def rows(region):
        for one in pages("wafv2", region, "list_web_acls", "WebACLs", Scope=scope, Limit=size_of("wafv2_web_acl")):
            yield "wafv2_web_acl", place or region, one["ARN"]

    return rows


def identities(region):
    """IAM, by the list of each kind or by its authorization details."""
    if "IAM_DETAILS" in os.environ:
        details = {"User": "UserDetailList", "Group": "GroupDetailList", "Role": "RoleDetailList", "Policy": "Policies"}
        made = client("iam").get_paginator("get_account_authorization_details")
        for page in made.paginate(
            Filter=["User", "Role", "Group", "LocalManagedPolicy"], PaginationConfig={"PageSize": size_of("*")}
        ):
            for kind, key in details.items():
                for one in page.get(key, []):
                    yield f"iam_{kind.lower()}", "global", one["Arn"]
        return
    for kind, scope in (("Role", {}), ("User", {}), ("Group", {}), ("Policy", {"Scope": "Local"})):
        plural = "Policies" if kind == "Policy" else f"{kind}s"
        for one in pages("iam", region, f"list_{plural.lower()}", plural, size_of("iam"), **scope):
            yield f"iam_{kind.lower()}", "global", one["Arn"]


REGIONAL = [
    instances,
    ec2("describe_vpcs", "Vpcs", "vpc", "VpcId", "vpc"),
    ec2("describe_subnets", "Subnets", "subnet", "SubnetId", "subnet"),
    ec2("describe_security_groups", "SecurityGroups", "security_group", "GroupId", "security-group"),
    ec2("describe_volumes", "Volumes", "ebs_volume", "VolumeId", "volume"),
    ec2("describe_snapshots", "Snapshots", "ebs_snapshot", "SnapshotId", "snapshot", OwnerIds=["self"]),
    ec2("describe_addresses", "Addresses", "elastic_ip", "AllocationId", "elastic-ip"),
    ec2("describe_nat_gateways", "NatGateways", "nat_gateway", "NatGatewayId", "natgateway"),
    ec2("describe_network_interfaces", "NetworkInterfaces", "network_interface", "NetworkInterfaceId", "network-interface"),
    ec2("describe_internet_gateways", "InternetGateways", "internet_gateway", "InternetGatewayId", "internet-gateway"),
    ec2("describe_route_tables", "RouteTables", "route_table", "RouteTableId", "route-table"),
    ec2("describe_vpc_endpoints", "VpcEndpoints", "vpc_endpoint", "VpcEndpointId", "vpc-endpoint"),
    ec2("describe_launch_templates", "LaunchTemplates", "launch_template", "LaunchTemplateId", "launch-template"),
    ec2("describe_images", "Images", "ami", "ImageId", "image", Owners=["self"], IncludeDisabled=True),
    ec2("describe_transit_gateways", "TransitGateways", "transit_gateway", "TransitGatewayId", "transit-gateway"),
    rds("describe_db_instances", "DBInstances", "instance"),
    rds("describe_db_clusters", "DBClusters", "cluster"),
    plain("rds", "describe_db_snapshots", "DBSnapshots", "rds_snapshot", "DBSnapshotArn", 20),
    plain("lambda", "list_functions", "Functions", "lambda_function", "FunctionArn"),
    plain("dynamodb", "list_tables", "TableNames", "dynamodb_table", lambda one, r: arn("dynamodb", r, f"table/{one}")),
    plain("elbv2", "describe_load_balancers", "LoadBalancers", "elbv2_load_balancer", "LoadBalancerArn"),
    plain("elbv2", "describe_target_groups", "TargetGroups", "elbv2_target_group", "TargetGroupArn"),
    plain(
        "elb",
        "describe_load_balancers",
        "LoadBalancerDescriptions",
        "elb_classic",
        lambda one, r: arn("elasticloadbalancing", r, f"loadbalancer/{one['LoadBalancerName']}"),
    ),
    plain(
        "autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups", "auto_scaling_group", "AutoScalingGroupARN"
    ),
    eks,
    ecs,
    kms,
    plain("secretsmanager", "list_secrets", "SecretList", "secretsmanager_secret", "ARN"),
    sqs,
    plain("sns", "list_topics", "Topics", "sns_topic", "TopicArn", None),
    plain("logs", "describe_log_groups", "logGroups", "log_group", lambda one, r: one["arn"].removesuffix(":*")),
    plain("ecr", "describe_repositories", "repositories", "ecr_repository", "repositoryArn"),
    plain("elasticache", "describe_cache_clusters", "CacheClusters", "elasticache_cluster", "ARN", 20),
    plain("efs", "describe_file_systems", "FileSystems", "efs_file_system", "FileSystemArn"),
    opensearch,
    plain(
        "redshift",
        "describe_clusters",
        "Clusters",
        "redshift_cluster",
        lambda one, r: arn("redshift", r, f"cluster:{one['ClusterIdentifier']}"),
        20,
    ),
    plain(
        "apigateway",
        "get_rest_apis",
        "items",
        "apigateway_rest_api",
        lambda one, r: f"arn:aws:apigateway:{r}::/restapis/{one['id']}",
    ),
    plain(
        "apigatewayv2",
        "get_apis",
        "Items",
        "apigatewayv2_api",
        lambda one, r: f"arn:aws:apigateway:{r}::/apis/{one['ApiId']}",
    ),
    plain(
        "cloudtrail", "describe_trails", "trailList", "cloudtrail_trail", "TrailARN", includeShadowTrails=False
    ),
    alarms,
    plain("cloudformation", "describe_stacks", "Stacks", "cloudformation_stack", "StackId", None),
    certificates,
    plain("stepfunctions", "list_state_machines", "stateMachines", "sfn_state_machine", "stateMachineArn"),
    plain("kinesis", "list_streams", "StreamNames", "kinesis_stream", lambda one, r: arn("kinesis", r, f"stream/{one}")),
    web_acls("REGIONAL"),
    rules,
    plain(
        "ssm",
        "describe_parameters",
        "Parameters",
        "ssm_parameter",
        # A name that begins with a slash does not get a second one.
        lambda one, r: one.get("ARN") or arn("ssm", r, f"parameter/{one['Name'].removeprefix('/')}"),
    ),
    plain("glue", "get_jobs", "Jobs", "glue_job", lambda one, r: arn("glue", r, f"job/{one['Name']}")),
]

GLOBAL = [
    plain("s3", "list_buckets", "Buckets", "s3_bucket", lambda one, _: f"arn:aws:s3:::{one['Name']}", place="unsaid"),
    plain("cloudfront", "list_distributions", "DistributionList.Items", "cloudfront_distribution", "ARN", place="global"),
    plain(
        "route53",
        "list_hosted_zones",
        "HostedZones",
        "route53_hosted_zone",
        lambda one, _: f"arn:aws:route53:::{one['Id'].removeprefix('/')}",
        place="global",
    ),
    web_acls("CLOUDFRONT", "global"),
    identities,
]


def listed():
    """By type, every resource's region and external id."""
    enabled = [one["RegionName"] for one in client("ec2").describe_regions()["Regions"]]
    regions = os.environ["LISTED_REGIONS"].split(",") if "LISTED_REGIONS" in os.environ else enabled

    def of(region):
        return [row for rows in REGIONAL for row in rows(region)]

    found = defaultdict(list)
    with ThreadPoolExecutor(4) as pool:
        for rows in pool.map(of, regions):
            for kind, region, identity in rows:
                found[kind].append([region, identity])
    for rows in GLOBAL:
        for kind, region, identity in rows("us-east-1"):
            found[kind].append([region, identity])
    return found
