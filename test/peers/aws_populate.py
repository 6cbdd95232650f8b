"""Fills a customer's AWS account with every type that the collectors know, as far as whoever answers supports it.

Region `MANY` gets more of a type than one page of the collectors holds, where moto honours page sizes. From the
environment: `POPULATED_REGIONS`, and in `LEFT_OUT` the types that whoever answers does not know.
"""

import io
import json
import os
import zipfile

from aws_client import client

REGIONS = os.environ.get("POPULATED_REGIONS", "us-east-1,eu-west-1,ap-southeast-2").split(",")
LEFT_OUT = os.environ.get("LEFT_OUT", "").split(",")
MANY = "eu-west-1"
CANARY = "canary-must-not-be-kept"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})
ALLOW = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
)


def count(region, many, few=2):
    """So many here: more than a page where it is the region for that."""
    return many if region == MANY else few


def iam():
    made = client("iam")
    for n in range(7):
        made.create_role(RoleName=f"role-{n}", AssumeRolePolicyDocument=TRUST, Path="/app/")
        made.create_user(UserName=f"user-{n}")
    for n in range(3):
        made.create_group(GroupName=f"group-{n}")
        if "iam_policy" not in LEFT_OUT:
            made.create_policy(PolicyName=f"policy-{n}", PolicyDocument=ALLOW)


def cloudfront():
    for n in range(105):
        client("cloudfront").create_distribution(
            DistributionConfig={
                "CallerReference": str(n),
                "Comment": "",
                "Enabled": True,
                "Origins": {
                    "Quantity": 1,
                    "Items": [
                        {
                            "Id": "o",
                            "DomainName": "bucket.s3.amazonaws.com",
                            "S3OriginConfig": {"OriginAccessIdentity": ""},
                        }
                    ],
                },
                "DefaultCacheBehavior": {
                    "TargetOriginId": "o",
                    "ViewerProtocolPolicy": "allow-all",
                    "MinTTL": 0,
                    "ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}},
                },
            }
        )


def route53():
    for n in range(105):
        client("route53").create_hosted_zone(Name=f"zone-{n}.example.com", CallerReference=str(n))


def acls_of_cloudfront():
    for n in range(2):
        web_acl("us-east-1", "CLOUDFRONT", f"edge-{n}")


def web_acl(region, scope, name):
    visible = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": "m"}
    client("wafv2", region).create_web_acl(
        Name=name, Scope=scope, DefaultAction={"Allow": {}}, VisibilityConfig=visible
    )


def s3(region):
    where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    for n in range(3):
        client("s3", region).create_bucket(Bucket=f"bucket-{region}-{n}", **where)


def network(region):
    """A network with everything in it that stands on one; for the services that need its ids."""
    ec2 = client("ec2", region)
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.1.{n}.0/24", AvailabilityZone=f"{region}{zone}")["Subnet"]["SubnetId"]
        for n, zone in enumerate("ab")
    ]
    group = ec2.create_security_group(GroupName="web", Description="web", VpcId=vpc)["GroupId"]
    for _ in range(2):
        ec2.create_network_interface(SubnetId=subnets[0])
        gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.create_route_table(VpcId=vpc)
        address = ec2.allocate_address(Domain="vpc")["AllocationId"]
        ec2.create_nat_gateway(SubnetId=subnets[0], AllocationId=address)
        if "transit_gateway" not in LEFT_OUT:
            ec2.create_transit_gateway(Description="transit")
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    for service in ("s3", "dynamodb"):
        ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{region}.{service}", VpcEndpointType="Gateway")
    return vpc, subnets, group


def compute(region, subnets):
    ec2 = client("ec2", region)
    image = "ami-12c6146b"
    started = ec2.run_instances(
        ImageId=image, MinCount=3, MaxCount=3, InstanceType="t3.micro", SubnetId=subnets[0], UserData=CANARY
    )
    volumes = [
        ec2.create_volume(AvailabilityZone=f"{region}a", Size=8, Encrypted=True)["VolumeId"] for _ in range(4)
    ]
    for n in range(2):
        ec2.create_snapshot(VolumeId=volumes[n])
        if "ami" not in LEFT_OUT:
            ec2.create_image(InstanceId=started["Instances"][0]["InstanceId"], Name=f"image-{n}")
        ec2.create_launch_template(
            LaunchTemplateName=f"template-{n}", LaunchTemplateData={"ImageId": image, "InstanceType": "t3.micro"}
        )


def balancing(region, vpc, subnets, group):
    elbv2 = client("elbv2", region)
    for n in range(2):
        elbv2.create_load_balancer(Name=f"balancer-{n}", Subnets=subnets, SecurityGroups=[group])
        elbv2.create_target_group(Name=f"targets-{n}", Protocol="HTTP", Port=80, VpcId=vpc)
        if "elb_classic" not in LEFT_OUT:
            client("elb", region).create_load_balancer(
                LoadBalancerName=f"classic-{n}",
                Subnets=subnets[:1],
                Listeners=[
                    {"Protocol": "HTTP", "LoadBalancerPort": 80, "InstanceProtocol": "HTTP", "InstancePort": 80}
                ],
            )


def auto_scaling(region, subnets):
    made = client("autoscaling", region)
    template = {"LaunchTemplateName": "template-0"}
    for n in range(count(region, 105)):
        made.create_auto_scaling_group(
            AutoScalingGroupName=f"group-{n}",
            MinSize=0,
            MaxSize=1,
            DesiredCapacity=0,
            LaunchTemplate=template,
            VPCZoneIdentifier=",".join(subnets),
        )


def databases(region):
    rds = client("rds", region)
    owner = {"MasterUsername": "root", "MasterUserPassword": "not-a-secret-1"}
    for n in range(count(region, 105)):
        rds.create_db_instance(
            DBInstanceIdentifier=f"db-{n}",
            Engine="postgres",
            DBInstanceClass="db.t3.micro",
            AllocatedStorage=20,
            **owner,
        )
    for n in range(2):
        rds.create_db_cluster(DBClusterIdentifier=f"cluster-{n}", Engine="aurora-postgresql", **owner)
        rds.create_db_snapshot(DBSnapshotIdentifier=f"snapshot-{n}", DBInstanceIdentifier="db-0")
        if "redshift_cluster" not in LEFT_OUT:
            client("redshift", region).create_cluster(
                ClusterIdentifier=f"warehouse-{n}", NodeType="ra3.xlplus", ClusterType="single-node", **owner
            )
    for n in range(count(region, 105)):
        client("elasticache", region).create_cache_cluster(
            CacheClusterId=f"cache-{n}", Engine="redis", CacheNodeType="cache.t3.micro", NumCacheNodes=1
        )
        client("dynamodb", region).create_table(
            TableName=f"table-{n}",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
    for engine in ("neptune", "docdb"):
        if f"{engine}_cluster" in LEFT_OUT:
            continue
        rds.create_db_cluster(DBClusterIdentifier=f"{engine}-0", Engine=engine, **owner)
        rds.create_db_instance(
            DBInstanceIdentifier=f"{engine}-db-0",
            Engine=engine,
            DBInstanceClass="db.r6g.large",
            DBClusterIdentifier=f"{engine}-0",
        )
    for n in range(7):
        client("opensearch", region).create_domain(DomainName=f"domain-{n}", EngineVersion="OpenSearch_2.5")


def functions(region, role):
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.py", "def handler(event, context): pass")
    for n in range(3):
        client("lambda", region).create_function(
            FunctionName=f"function-{n}",
            Runtime="python3.12",
            Role=role,
            Handler="index.handler",
            Code={"ZipFile": code.getvalue()},
            Environment={"Variables": {"TOKEN": CANARY}},
        )


def containers(region, role, subnets):
    eks, ecs = client("eks", region), client("ecs", region)
    # moto makes a key pair for each of them, so there are no more.
    for n in range(2):
        eks.create_cluster(name=f"cluster-{n}", roleArn=role, resourcesVpcConfig={"subnetIds": subnets})
    ecs.register_task_definition(
        family="web", containerDefinitions=[{"name": "web", "image": "web", "memory": 64}]
    )
    for n in range(2):
        ecs.create_cluster(clusterName=f"cluster-{n}")
        client("ecr", region).create_repository(repositoryName=f"team/repository-{n}")
    for n in range(12):
        ecs.create_service(cluster="cluster-0", serviceName=f"service-{n}", taskDefinition="web", desiredCount=0)


def storage(region):
    for n in range(count(region, 105)):
        client("efs", region).create_file_system(CreationToken=f"files-{n}")


def messaging(region):
    sqs, events = client("sqs", region), client("events", region)
    for n in range(3):
        sqs.create_queue(QueueName=f"queue-{n}")
        client("sns", region).create_topic(Name=f"topic-{n}")
        client("kinesis", region).create_stream(StreamName=f"stream-{n}", ShardCount=1)
    events.create_event_bus(Name="orders")
    for n in range(count(region, 105)):
        events.put_rule(Name=f"rule-{n}", ScheduleExpression="rate(1 day)")
    events.put_rule(Name="rule-0", EventBusName="orders", EventPattern=json.dumps({"source": ["orders"]}))


def security(region):
    kms = client("kms", region)
    for n in range(2):
        kms.create_key(Description=CANARY)
        client("acm", region).request_certificate(DomainName=f"www{n}.example.com")
        client("acm", region).request_certificate(DomainName=f"ec{n}.example.com", KeyAlgorithm="EC_prime256v1")
    for n in range(count(region, 105)):
        client("secretsmanager", region).create_secret(Name=f"app/secret-{n}", SecretString=CANARY)
        web_acl(region, "REGIONAL", f"acl-{n}")


def operations(region, role):
    logs, states = client("logs", region), client("stepfunctions", region)
    machine = json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}})
    for n in range(count(region, 130)):
        logs.create_log_group(logGroupName=f"/app/group-{n}")
    for n in range(2):
        states.create_state_machine(name=f"machine-{n}", definition=machine, roleArn=role)
        client("cloudtrail", region).create_trail(
            Name=f"trail-{region}-{n}", S3BucketName=f"bucket-{region}-0", IsMultiRegionTrail=n == 1
        )
        client("cloudwatch", region).put_metric_alarm(
            AlarmName=f"alarm-{n}",
            Namespace="app",
            MetricName="errors",
            Statistic="Sum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanThreshold",
        )
        client("glue", region).create_job(
            Name=f"job-{n}", Role=role, Command={"Name": "glueetl"}, DefaultArguments={"--token": CANARY}
        )
        client("apigateway", region).create_rest_api(name=f"rest-{n}")
        client("apigatewayv2", region).create_api(Name=f"http-{n}", ProtocolType="HTTP")
    for n in range(count(region, 60, 3)):
        client("ssm", region).put_parameter(Name=f"/app/parameter-{n}", Value=CANARY, Type="SecureString")
    queue = {"Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "of-a-stack"}}}}
    client("cloudformation", region).create_stack(
        StackName="stack-0",
        TemplateBody=json.dumps({**queue, "Parameters": {"Password": {"Type": "String"}}}),
        Parameters=[{"ParameterKey": "Password", "ParameterValue": CANARY}],
    )


def populate():
    iam()
    cloudfront()
    route53()
    acls_of_cloudfront()
    role = client("iam").get_role(RoleName="role-0")["Role"]["Arn"]
    for region in REGIONS:
        s3(region)
        vpc, subnets, group = network(region)
        compute(region, subnets)
        balancing(region, vpc, subnets, group)
        auto_scaling(region, subnets)
        databases(region)
        functions(region, role)
        containers(region, role, subnets)
        storage(region)
        messaging(region)
        security(region)
        operations(region, role)
