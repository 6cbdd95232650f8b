"""A customer's AWS account as boto3 sees it: fills one, or lists one page by page. Endpoint and keys from the environment.

usage: account.py populate | account.py list
`list` prints {type: [[region, id], ...]} for every type that the collectors know.
"""

import io
import json
import os
import sys
import zipfile

import boto3
from botocore.config import Config

REGIONS = ["us-east-1", "eu-west-1", "ap-southeast-2"]
ENDPOINT = os.environ["CUSTOMER_ENDPOINT"]
CONFIG = Config(retries={"max_attempts": 2}, s3={"addressing_style": "path"})


def client(service, region="us-east-1"):
    return boto3.client(service, region_name=region, endpoint_url=ENDPOINT, config=CONFIG)


def populate():
    iam = client("iam")
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    for n in range(7):
        iam.create_role(RoleName=f"role-{n}", AssumeRolePolicyDocument=trust, Path="/app/")
        iam.create_user(UserName=f"user-{n}")
    role = iam.get_role(RoleName="role-0")["Role"]["Arn"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.py", "def handler(event, context): pass")
    for region in REGIONS:
        s3 = client("s3", region)
        where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        for n in range(3):
            s3.create_bucket(Bucket=f"bucket-{region}-{n}", **where)
        ec2 = client("ec2", region)
        vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.1.1.0/24")["Subnet"]["SubnetId"]
        ec2.create_security_group(GroupName="web", Description="web", VpcId=vpc)
        image = "ami-12c6146b"
        ec2.run_instances(ImageId=image, MinCount=3, MaxCount=3, InstanceType="t3.micro", SubnetId=subnet)
        for _ in range(4):
            ec2.create_volume(AvailabilityZone=f"{region}a", Size=8, Encrypted=True)
        rds = client("rds", region)
        for n in range(2):
            rds.create_db_instance(
                DBInstanceIdentifier=f"db-{n}",
                Engine="postgres",
                DBInstanceClass="db.t3.micro",
                AllocatedStorage=20,
                MasterUsername="root",
                MasterUserPassword="not-a-secret-1",
            )
        rds.create_db_cluster(
            DBClusterIdentifier="cluster-0",
            Engine="aurora-postgresql",
            MasterUsername="root",
            MasterUserPassword="not-a-secret-1",
        )
        functions = client("lambda", region)
        for n in range(3):
            functions.create_function(
                FunctionName=f"function-{n}",
                Runtime="python3.12",
                Role=role,
                Handler="index.handler",
                Code={"ZipFile": code.getvalue()},
                Environment={"Variables": {"TOKEN": "canary-must-not-be-kept"}},
            )
        tables = client("dynamodb", region)
        for n in range(2):
            tables.create_table(
                TableName=f"table-{n}",
                KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                BillingMode="PAY_PER_REQUEST",
            )
    for n in range(2):
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


def pages(service, region, operation, key, size):
    """Every item of a list, by botocore's own paginator where it has one."""
    made = client(service, region)
    if not made.can_paginate(operation):
        yield from getattr(made, operation)()[key]
        return
    for page in made.get_paginator(operation).paginate(PaginationConfig={"PageSize": size}):
        value = page
        for part in key.split("."):
            value = value.get(part, {}) if isinstance(value, dict) else value
        yield from value or []


def listed():
    found = {}

    def add(kind, region, identity):
        found.setdefault(kind, []).append([region, identity])

    regions = [one["RegionName"] for one in client("ec2").describe_regions()["Regions"]]
    for region in regions:
        for reservation in pages("ec2", region, "describe_instances", "Reservations", 5):
            for one in reservation["Instances"]:
                add("ec2_instance", region, one["InstanceId"])
        for one in pages("ec2", region, "describe_vpcs", "Vpcs", 5):
            add("vpc", region, one["VpcId"])
        for one in pages("ec2", region, "describe_subnets", "Subnets", 5):
            add("subnet", region, one["SubnetId"])
        for one in pages("ec2", region, "describe_security_groups", "SecurityGroups", 5):
            add("security_group", region, one["GroupId"])
        for one in pages("ec2", region, "describe_volumes", "Volumes", 5):
            add("ebs_volume", region, one["VolumeId"])
        engines = {"neptune": "neptune", "docdb": "docdb"}
        for one in pages("rds", region, "describe_db_instances", "DBInstances", 20):
            add(f"{engines.get(one['Engine'], 'rds')}_instance", region, one["DBInstanceIdentifier"])
        for one in pages("rds", region, "describe_db_clusters", "DBClusters", 20):
            add(f"{engines.get(one['Engine'], 'rds')}_cluster", region, one["DBClusterIdentifier"])
        for one in pages("lambda", region, "list_functions", "Functions", 5):
            add("lambda_function", region, one["FunctionName"])
        for name in pages("dynamodb", region, "list_tables", "TableNames", 5):
            add("dynamodb_table", region, name)
    for one in pages("s3", "us-east-1", "list_buckets", "Buckets", int(os.environ.get("S3_PAGE", "5"))):
        add("s3_bucket", "", one["Name"])
    for one in pages("cloudfront", "us-east-1", "list_distributions", "DistributionList.Items", 5):
        add("cloudfront_distribution", "global", one["Id"])
    for one in pages("iam", "us-east-1", "list_roles", "Roles", 5):
        add("iam_role", "global", one["RoleName"])
    for one in pages("iam", "us-east-1", "list_users", "Users", 5):
        add("iam_user", "global", one["UserName"])
    return found


if __name__ == "__main__":
    if sys.argv[1] == "populate":
        populate()
    else:
        print(json.dumps(listed(), indent=1, sort_keys=True))
