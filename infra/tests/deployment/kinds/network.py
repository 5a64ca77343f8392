"""Networks and balancers."""

import json

from .kind import Kind, only, picked, tags_of


def tagged(found):
    return found | {"Tags": tags_of(found.get("Tags", []))}


def read_vpc(aws, identifier):
    found = tagged(only(aws.ec2.describe_vpcs(VpcIds=[identifier])["Vpcs"]))
    for name in ("EnableDnsSupport", "EnableDnsHostnames"):
        attribute = name[0].lower() + name[1:]
        found[name] = aws.ec2.describe_vpc_attribute(VpcId=identifier, Attribute=attribute)[name]["Value"]
    return found


def read_subnet(aws, identifier):
    return tagged(only(aws.ec2.describe_subnets(SubnetIds=[identifier])["Subnets"]))


def read_gateway(aws, identifier):
    return tagged(only(aws.ec2.describe_internet_gateways(InternetGatewayIds=[identifier])["InternetGateways"]))


def read_attachment(aws, identifier):
    """The identifier is of the emulator's own; each VPC here has one gateway."""
    for gateway in aws.ec2.describe_internet_gateways()["InternetGateways"]:
        for one in gateway["Attachments"]:
            if one["VpcId"] in identifier:
                return {"VpcId": one["VpcId"], "InternetGatewayId": gateway["InternetGatewayId"]}
    raise LookupError(identifier)


def read_address(aws, identifier):
    found = aws.ec2.describe_addresses()["Addresses"]
    return tagged(only([one for one in found if identifier in (one["AllocationId"], one["PublicIp"])]))


def create_address(aws, properties):
    tags = [{"ResourceType": "elastic-ip", "Tags": properties["Tags"]}] if "Tags" in properties else []
    return aws.ec2.allocate_address(Domain=properties.get("Domain", "vpc"), TagSpecifications=tags)["AllocationId"]


def read_nat(aws, identifier):
    found = only(aws.ec2.describe_nat_gateways(NatGatewayIds=[identifier])["NatGateways"])
    addresses = found.get("NatGatewayAddresses", [])
    return tagged(found) | (picked(only(addresses), "AllocationId") if addresses else {})


def create_nat(aws, properties):
    tags = [{"ResourceType": "natgateway", "Tags": properties["Tags"]}] if "Tags" in properties else []
    wanted = picked(properties, "SubnetId", "AllocationId", "ConnectivityType")
    return aws.ec2.create_nat_gateway(**wanted, TagSpecifications=tags)["NatGateway"]["NatGatewayId"]


def read_route_table(aws, identifier):
    return tagged(only(aws.ec2.describe_route_tables(RouteTableIds=[identifier])["RouteTables"]))


def create_route(aws, properties):
    aws.ec2.create_route(**properties)
    return f"{properties['RouteTableId']}|{properties['DestinationCidrBlock']}"


def read_route(aws, identifier):
    table, destination = identifier.split("|")
    routes = read_route_table(aws, table)["Routes"]
    return only([one for one in routes if one.get("DestinationCidrBlock") == destination]) | {"RouteTableId": table}


def read_subnet_association(aws, identifier):
    for table in aws.ec2.describe_route_tables()["RouteTables"]:
        for one in table["Associations"]:
            if one["RouteTableAssociationId"] == identifier:
                return one | {"RouteTableId": table["RouteTableId"]}
    raise LookupError(identifier)


def read_endpoint(aws, identifier):
    return tagged(only(aws.ec2.describe_vpc_endpoints(VpcEndpointIds=[identifier])["VpcEndpoints"]))


def complete_endpoint(aws, identifier, properties):
    aws.ec2.modify_vpc_endpoint(VpcEndpointId=identifier, PolicyDocument=json.dumps(properties["PolicyDocument"]))


def permissions(listed):
    """The rules of a group, each as the template writes it."""
    for one in listed:
        base = {"IpProtocol": one["IpProtocol"], **picked(one, "FromPort", "ToPort")}
        for cidr in one.get("IpRanges", []):
            yield base | {"CidrIp": cidr["CidrIp"], **picked(cidr, "Description")}
        for cidr in one.get("Ipv6Ranges", []):
            yield base | {"CidrIpv6": cidr["CidrIpv6"], **picked(cidr, "Description")}
        for group in one.get("UserIdGroupPairs", []):
            yield base | {"Group": group["GroupId"], **picked(group, "Description")}
        for prefix in one.get("PrefixListIds", []):
            yield base | {"PrefixList": prefix["PrefixListId"], **picked(prefix, "Description")}


def read_group(aws, identifier):
    group = only(aws.ec2.describe_security_groups(GroupIds=[identifier])["SecurityGroups"])
    named = {
        "SecurityGroupIngress": ("IpPermissions", {"Group": "SourceSecurityGroupId", "PrefixList": "SourcePrefixListId"}),
        "SecurityGroupEgress": ("IpPermissionsEgress", {"Group": "DestinationSecurityGroupId", "PrefixList": "DestinationPrefixListId"}),
    }
    read = picked(group, "GroupId", "GroupName", "VpcId", GroupDescription="Description") | {"Tags": tags_of(group.get("Tags", []))}
    for name, (member, renamed) in named.items():
        rules = permissions(group.get(member, []))
        read[name] = [{renamed.get(key, key): value for key, value in rule.items()} for rule in rules]
    return read


def rule_kind(name, operation):
    """A rule of a security group as a resource of its own: `name` is `SecurityGroupIngress` or `SecurityGroupEgress`."""

    def create(aws, properties):
        pair = {
            "GroupId": properties.get("SourceSecurityGroupId") or properties.get("DestinationSecurityGroupId"),
            **picked(properties, "Description"),
        }
        permission = picked(properties, "IpProtocol", "FromPort", "ToPort")
        if pair["GroupId"]:
            permission["UserIdGroupPairs"] = [pair]
        elif "CidrIp" in properties:
            permission["IpRanges"] = [picked(properties, "CidrIp", "Description")]
        else:
            permission["PrefixListIds"] = [picked(properties, "Description", PrefixListId="DestinationPrefixListId")]
        permission |= {key: int(value) for key, value in permission.items() if key.endswith("Port")}
        getattr(aws.ec2, operation)(GroupId=properties["GroupId"], IpPermissions=[permission])
        return "|".join([properties["GroupId"], str(properties.get("FromPort")), pair["GroupId"] or ""])

    def read(aws, identifier):
        group, port, other = identifier.split("|")
        for rule in read_group(aws, group)[name]:
            if str(rule.get("FromPort")) == port and (not other or other in rule.values()):
                return rule | {"GroupId": group}
        raise LookupError(identifier)

    return Kind(read, create=create)


def attributes_of(answer):
    return [{"Key": one["Key"], "Value": one["Value"]} for one in answer["Attributes"]]


def read_balancer(aws, identifier):
    found = only(aws.elbv2.describe_load_balancers(LoadBalancerArns=[identifier])["LoadBalancers"])
    found["LoadBalancerAttributes"] = attributes_of(aws.elbv2.describe_load_balancer_attributes(LoadBalancerArn=identifier))
    found["Subnets"] = [one["SubnetId"] for one in found["AvailabilityZones"]]
    return found | {"Name": found["LoadBalancerName"], "Tags": balancer_tags(aws, identifier)}


def balancer_tags(aws, identifier):
    return tags_of(only(aws.elbv2.describe_tags(ResourceArns=[identifier])["TagDescriptions"])["Tags"])


def complete_listener(aws, identifier, properties):
    aws.elbv2.modify_listener_attributes(ListenerArn=identifier, Attributes=properties["ListenerAttributes"])


def read_target_group(aws, identifier):
    found = only(aws.elbv2.describe_target_groups(TargetGroupArns=[identifier])["TargetGroups"])
    health = aws.elbv2.describe_target_health(TargetGroupArn=identifier)["TargetHealthDescriptions"]
    found["Targets"] = [one["Target"] for one in health]
    found["TargetGroupAttributes"] = attributes_of(aws.elbv2.describe_target_group_attributes(TargetGroupArn=identifier))
    return found | {"Name": found["TargetGroupName"], "Tags": balancer_tags(aws, identifier)}


def read_listener(aws, identifier):
    found = only(aws.elbv2.describe_listeners(ListenerArns=[identifier])["Listeners"])
    found["ListenerAttributes"] = attributes_of(aws.elbv2.describe_listener_attributes(ListenerArn=identifier))
    return found


def complete_target_group(aws, identifier, properties):
    aws.elbv2.register_targets(TargetGroupArn=identifier, Targets=properties.get("Targets", []))


def read_rule(aws, identifier, properties):
    listener = properties["ListenerArn"]
    found = aws.elbv2.describe_rules(ListenerArn=listener)["Rules"]
    return only([one for one in found if one["RuleArn"] == identifier]) | {"ListenerArn": listener}


def complete_rule(aws, identifier, properties):
    aws.elbv2.modify_rule(RuleArn=identifier, Actions=numbers(properties["Actions"]))


def numbers(value):
    """With numbers as weights."""
    if isinstance(value, list):
        return [numbers(one) for one in value]
    if isinstance(value, dict):
        return {key: int(one) if key == "Weight" else numbers(one) for key, one in value.items()}
    return value


def full_name(arn):
    """The part of an ARN that dimensions of metrics have."""
    name = arn.split(":", 5)[5]
    return name.removeprefix("loadbalancer/")


KINDS = {
    "AWS::EC2::VPC": Kind(read_vpc, {"CidrBlock": lambda vpc: vpc["CidrBlock"], "VpcId": lambda vpc: vpc["VpcId"]}),
    "AWS::EC2::Subnet": Kind(
        read_subnet, {"CidrBlock": lambda subnet: subnet["CidrBlock"], "AvailabilityZone": lambda subnet: subnet["AvailabilityZone"]}
    ),
    "AWS::EC2::InternetGateway": Kind(read_gateway),
    "AWS::EC2::VPCGatewayAttachment": Kind(read_attachment),
    "AWS::EC2::EIP": Kind(
        read_address,
        {"AllocationId": lambda found: found["AllocationId"], "PublicIp": lambda found: found["PublicIp"]},
        create=create_address,
    ),
    "AWS::EC2::NatGateway": Kind(read_nat, {"NatGatewayId": lambda found: found["NatGatewayId"]}, create=create_nat),
    "AWS::EC2::RouteTable": Kind(read_route_table, {"RouteTableId": lambda found: found["RouteTableId"]}),
    "AWS::EC2::Route": Kind(read_route, create=create_route),
    "AWS::EC2::SubnetRouteTableAssociation": Kind(read_subnet_association),
    "AWS::EC2::VPCEndpoint": Kind(read_endpoint, {"Id": lambda found: found["VpcEndpointId"]}, complete_endpoint),
    "AWS::EC2::SecurityGroup": Kind(read_group, {"GroupId": lambda group: group["GroupId"], "VpcId": lambda group: group["VpcId"]}),
    "AWS::EC2::SecurityGroupIngress": rule_kind("SecurityGroupIngress", "authorize_security_group_ingress"),
    "AWS::EC2::SecurityGroupEgress": rule_kind("SecurityGroupEgress", "authorize_security_group_egress"),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": Kind(
        read_balancer,
        {
            "DNSName": lambda found: found["DNSName"],
            "CanonicalHostedZoneID": lambda found: found["CanonicalHostedZoneId"],
            "LoadBalancerFullName": lambda found: full_name(found["LoadBalancerArn"]),
            "LoadBalancerArn": lambda found: found["LoadBalancerArn"],
        },
    ),
    "AWS::ElasticLoadBalancingV2::TargetGroup": Kind(
        read_target_group,
        {"TargetGroupFullName": lambda found: full_name(found["TargetGroupArn"]), "TargetGroupArn": lambda found: found["TargetGroupArn"]},
        complete_target_group,
    ),
    "AWS::ElasticLoadBalancingV2::Listener": Kind(read_listener, {"ListenerArn": lambda found: found["ListenerArn"]}, complete_listener),
    "AWS::ElasticLoadBalancingV2::ListenerRule": Kind(read_rule, complete=complete_rule, located=True),
}
