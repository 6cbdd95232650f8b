"""boto3's clients of a customer's account; endpoint and keys come from the environment, one client a service and region."""

import functools
import os

import boto3
from botocore.config import Config

CONFIG = Config(retries={"max_attempts": 2}, s3={"addressing_style": "path"}, max_pool_connections=16)


@functools.cache
def client(service, region="us-east-1"):
    return boto3.client(service, region_name=region, endpoint_url=os.environ["CUSTOMER_ENDPOINT"], config=CONFIG)
