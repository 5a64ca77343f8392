"""Roles, containers, functions, and how their number grows."""

import json

from .kind import Kind, absent, only, picked, tags_of


def read_role(aws, identifier):
    role = aws.iam.get_role(RoleName=identifier)["Role"]
    found = picked(role, "RoleName", "Arn", "RoleId", "Path", "Description", "MaxSessionDuration", "AssumeRolePolicyDocument")
    names = aws.all("iam", "list_role_policies", RoleName=identifier)["PolicyNames"]
    found["Policies"] = [picked(aws.iam.get_role_policy(RoleName=identifier, PolicyName=name), "PolicyName", "PolicyDocument") for name in names]
    attached = aws.all("iam", "list_attached_role_policies", RoleName=identifier)["AttachedPolicies"]
    found["ManagedPolicyArns"] = [one["PolicyArn"] for one in attached]
    found["PermissionsBoundary"] = role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
    return found | {"Tags": tags_of(role.get("Tags", []))}


def read_cluster(aws, identifier):
    wanted = ["SETTINGS", "CONFIGURATIONS", "TAGS", "ATTACHMENTS"]
    found = only(aws.ecs.describe_clusters(clusters=[identifier], include=wanted)["clusters"])
    return found | {"ClusterSettings": found.get("settings"), "Arn": found["clusterArn"], "Tags": tags_of(found.get("tags", []))}


# What has names of its own below it, and not of ECS.
MAPS = ("Options", "DockerLabels", "DriverOpts", "Labels")
WHOLE = ("Port", "Weight", "Base", "Count", "Percent", "Limit", "Interval", "Timeout", "Retries", "Period", "Seconds", "Size", "SizeInGiB")


def as_ecs(value, name=""):
    """Names in lower case, as ECS has them, and numbers in the place of texts."""
    if isinstance(value, dict):
        return value if name in MAPS else {key[0].lower() + key[1:]: as_ecs(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return [as_ecs(one, name) for one in value]
    is_number = isinstance(value, str) and value.isdigit() and (name.endswith(WHOLE))
    return int(value) if is_number else value


def create_task_definition(aws, properties):
    wanted = as_ecs(properties)
    for container in wanted["containerDefinitions"]:
        container |= {name: int(container[name]) for name in ("cpu", "memory", "memoryReservation") if name in container}
    family = wanted.pop("family", "my-data")
    return aws.ecs.register_task_definition(**wanted, family=family)["taskDefinition"]["taskDefinitionArn"]


def create_service(aws, properties):
    wanted = as_ecs(properties)
    name = wanted.pop("serviceName", "my-data")
    return aws.ecs.create_service(**wanted, serviceName=name)["service"]["serviceArn"]


def always(properties):
    return True


def read_task_definition(aws, identifier):
    answer = aws.ecs.describe_task_definition(taskDefinition=identifier, include=["TAGS"])
    return answer["taskDefinition"] | {"Tags": tags_of(answer.get("tags", []))}


def read_service(aws, identifier, properties):
    cluster = properties["Cluster"]
    found = only(aws.ecs.describe_services(cluster=cluster, services=[identifier], include=["TAGS"])["services"])
    cluster = cluster if cluster == found["clusterArn"] else found["clusterArn"].rsplit("/", 1)[1]
    return found | {"ServiceName": found["serviceName"], "Cluster": cluster, "Tags": tags_of(found.get("tags", []))}


def read_function(aws, identifier):
    answer = aws["lambda"].get_function(FunctionName=identifier)
    found = answer["Configuration"]
    found["Arn"] = found["FunctionArn"]
    found["KmsKeyArn"] = found.get("KMSKeyArn")
    found["Layers"] = [one["Arn"] for one in found.get("Layers", [])]
    found["ReservedConcurrentExecutions"] = answer.get("Concurrency", {}).get("ReservedConcurrentExecutions")
    return found | {"Tags": tags_of(answer.get("Tags", {}))}


def complete_function(aws, identifier, properties):
    functions = aws["lambda"]
    if "ReservedConcurrentExecutions" in properties:
        wanted = int(properties["ReservedConcurrentExecutions"])
        functions.put_function_concurrency(FunctionName=identifier, ReservedConcurrentExecutions=wanted)
    if "KmsKeyArn" in properties:
        functions.update_function_configuration(FunctionName=identifier, KMSKeyArn=properties["KmsKeyArn"])


def read_permission(aws, identifier, properties):
    """The identifier is that of the statement."""
    function = aws["lambda"].get_function(FunctionName=properties["FunctionName"])["Configuration"]
    policy = json.loads(aws["lambda"].get_policy(FunctionName=function["FunctionName"])["Policy"])
    statement = only([one for one in policy["Statement"] if one["Sid"] in identifier])
    condition = statement.get("Condition", {})
    return {
        "Action": statement["Action"],
        "FunctionName": function["FunctionArn"] if properties["FunctionName"].startswith("arn:") else function["FunctionName"],
        "Principal": statement["Principal"].get("Service"),
        "SourceArn": condition.get("ArnLike", {}).get("AWS:SourceArn"),
        "SourceAccount": condition.get("StringEquals", {}).get("AWS:SourceAccount"),
    }


KINDS = {
    "AWS::IAM::Role": Kind(read_role, {"Arn": lambda role: role["Arn"], "RoleId": lambda role: role["RoleId"]}),
    "AWS::ECS::Cluster": Kind(read_cluster, {"Arn": lambda cluster: cluster["Arn"]}),
    "AWS::ECS::TaskDefinition": Kind(read_task_definition, create=create_task_definition, refused=always),
    "AWS::ECS::Service": Kind(
        read_service,
        {"Name": lambda service: service["ServiceName"], "ServiceArn": lambda service: service["serviceArn"]},
        create=create_service,
        refused=always,
        located=True,
    ),
    "AWS::ApplicationAutoScaling::ScalableTarget": absent("application-autoscaling", "describe_scalable_targets", ServiceNamespace="ecs"),
    "AWS::ApplicationAutoScaling::ScalingPolicy": absent("application-autoscaling", "describe_scaling_policies", ServiceNamespace="ecs"),
    "AWS::Lambda::Function": Kind(read_function, {"Arn": lambda function: function["Arn"]}, complete_function),
    "AWS::Lambda::Permission": Kind(read_permission, located=True),
}
