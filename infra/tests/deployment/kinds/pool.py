"""The user pool, and what stands before it."""

import json

from ..aws import REGION
from .kind import Kind, absent, tags_of


def read_pool(aws, identifier):
    pool = aws["cognito-idp"].describe_user_pool(UserPoolId=identifier)["UserPool"]
    # The standard attributes are there whatever the template says.
    own = [one for one in pool["SchemaAttributes"] if one["Name"].startswith("custom:")]
    schema = [one | {"Name": one["Name"].removeprefix("custom:")} for one in own]
    return pool | {"UserPoolName": pool["Name"], "Schema": schema}


def host(pool):
    return f"cognito-idp.{REGION}.amazonaws.com/{pool['Id']}"


def read_client(aws, identifier, properties):
    pool = properties["UserPoolId"]
    client = aws["cognito-idp"].describe_user_pool_client(UserPoolId=pool, ClientId=identifier)["UserPoolClient"]
    return client | {"GenerateSecret": bool(client.get("ClientSecret"))}


def read_domain(aws, identifier):
    return aws["cognito-idp"].describe_user_pool_domain(Domain=identifier)["DomainDescription"]


def create_provider(aws, properties):
    wanted = {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in properties["ProviderDetails"].items()}
    aws["cognito-idp"].create_identity_provider(**properties | {"ProviderDetails": wanted})
    return f"{properties['UserPoolId']}|{properties['ProviderName']}"


def read_provider(aws, identifier):
    pool, name = identifier.split("|")
    return aws["cognito-idp"].describe_identity_provider(UserPoolId=pool, ProviderName=name)["IdentityProvider"]


def of_list(identifier):
    """Name, id and scope of a list: `name|id|scope`."""
    name, number, scope = identifier.split("|")
    return {"Name": name, "Id": number, "Scope": scope}


def read_acl(aws, identifier):
    by = of_list(identifier)
    found = aws.wafv2.get_web_acl(**by)["WebACL"]
    tags = aws.wafv2.list_tags_for_resource(ResourceARN=found["ARN"])["TagInfoForResource"]["TagList"]
    return found | {"Scope": by["Scope"], "Tags": tags_of(tags)}


def searches(properties):
    """Whether a list searches for a text. That is bytes in the API, and the emulator's CloudFormation stores the text."""
    return "SearchString" in json.dumps(properties)


def create_acl(aws, properties):
    wanted = {"Name": properties["VisibilityConfig"]["MetricName"]} | as_api(properties)
    summary = aws.wafv2.create_web_acl(**wanted)["Summary"]
    return f"{summary['Name']}|{summary['Id']}|{wanted['Scope']}"


def as_api(value, name=""):
    """The rules as the API takes them."""
    if isinstance(value, dict):
        return {key: as_api(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return [as_api(one) for one in value]
    if name == "SearchString":
        return value.encode()
    return int(value) if name in ("Limit", "Priority", "ResponseCode", "EvaluationWindowSec", "ImmunityTime") else value


def create_association(aws, properties):
    aws.wafv2.associate_web_acl(**properties)
    return properties["ResourceArn"]


def read_association(aws, identifier):
    found = aws.wafv2.get_web_acl_for_resource(ResourceArn=identifier)["WebACL"]
    return {"ResourceArn": identifier, "WebACLArn": found["ARN"]}


def create_acl_logging(aws, properties):
    aws.wafv2.put_logging_configuration(LoggingConfiguration=properties)
    return properties["ResourceArn"]


def read_acl_logging(aws, identifier):
    return aws.wafv2.get_logging_configuration(ResourceArn=identifier)["LoggingConfiguration"]


KINDS = {
    "AWS::Cognito::UserPool": Kind(
        read_pool,
        {
            "Arn": lambda pool: pool["Arn"],
            "UserPoolId": lambda pool: pool["Id"],
            "ProviderName": host,
            "ProviderURL": lambda pool: f"https://{host(pool)}",
        },
    ),
    "AWS::Cognito::UserPoolClient": Kind(
        read_client,
        {"ClientId": lambda client: client["ClientId"], "ClientSecret": lambda client: client["ClientSecret"]},
        located=True,
    ),
    "AWS::Cognito::UserPoolDomain": Kind(read_domain),
    "AWS::Cognito::UserPoolIdentityProvider": Kind(
        read_provider, create=create_provider, reference=lambda properties: properties["ProviderName"]
    ),
    "AWS::Cognito::ManagedLoginBranding": absent(
        "cognito-idp", "describe_managed_login_branding", UserPoolId="eu-west-1_none", ManagedLoginBrandingId="0" * 36
    ),
    "AWS::WAFv2::WebACL": Kind(read_acl, {"Arn": lambda found: found["ARN"], "Id": lambda found: found["Id"]}, create=create_acl, refused=searches),
    "AWS::WAFv2::WebACLAssociation": Kind(read_association, create=create_association),
    "AWS::WAFv2::LoggingConfiguration": Kind(read_acl_logging, create=create_acl_logging),
}
