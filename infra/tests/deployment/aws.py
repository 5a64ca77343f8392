"""Clients of AWS's services, at an emulator."""

import functools

import botocore.config
import botocore.session

REGION = "eu-west-1"
ACCOUNT = "000000000000"
# The emulator's root, who may do everything.
ROOT = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}


class Aws:
    """`aws.dynamodb` is a client of DynamoDB at `url`, with the credentials of the root; `aws["cognito-idp"]` one of Cognito."""

    def __init__(self, url):
        self.url = url
        self.session = botocore.session.get_session()

    @functools.cache
    def __getitem__(self, service):
        config = botocore.config.Config(retries={"max_attempts": 0}, connect_timeout=5, read_timeout=60)
        return self.session.create_client(service, region_name=REGION, endpoint_url=self.url, config=config, **ROOT)

    def __getattr__(self, service):
        return self[service]

    def all(self, service, operation, **parameters):
        """The pages of a list as one."""
        client = self[service]
        if not client.can_paginate(operation):
            return getattr(client, operation)(**parameters)
        return client.get_paginator(operation).paginate(**parameters).build_full_result()
