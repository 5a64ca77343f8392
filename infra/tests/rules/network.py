"""The network: two zones, public subnets for the load balancer, private ones for the servers."""

from rules.exact import ANY_TEXT, att, exactly, ref, resources
from rules.parameters import Parameter, conditions, outputs, parameters

NAMED = [{"Key": "Name", "Value": lambda found: found == ref("AWS::StackName") or ANY_TEXT(found.get("Fn::Sub"))}]
EVERYWHERE = "0.0.0.0/0"


def subnet(zone, number):
    """One of four subnets, each with 2^8 addresses."""
    return {
        "VpcId": ref("Vpc"),
        "AvailabilityZone": {"Fn::Select": [zone, {"Fn::GetAZs": ""}]},
        "CidrBlock": {"Fn::Select": [number, {"Fn::Cidr": [ref("vpcCidr"), 4, 8]}]},
        # Nothing here gets a public address by itself.
        "MapPublicIpOnLaunch": False,
        "Tags": NAMED,
    }


def each_zone_has_a_public_and_a_private_subnet(template):
    yield from exactly(template, "Vpc", {"CidrBlock": ref("vpcCidr"), "EnableDnsSupport": True, "EnableDnsHostnames": True, "Tags": NAMED})
    for number, name in enumerate(["PublicSubnet1", "PublicSubnet2", "PrivateSubnet1", "PrivateSubnet2"]):
        yield from exactly(template, name, subnet(number % 2, number))


def routes(table, **target):
    return {"RouteTableId": ref(table), "DestinationCidrBlock": EVERYWHERE, **target}


def only_public_subnets_are_reached_from_the_internet(template):
    yield from exactly(template, "InternetGatewayAttachment", {"VpcId": ref("Vpc"), "InternetGatewayId": ref("InternetGateway")})
    if "Properties" in template["Resources"]["InternetGateway"]:
        yield "the internet gateway has properties"
    for table in ("PublicRouteTable", "PrivateRouteTable1", "PrivateRouteTable2"):
        yield from exactly(template, table, {"VpcId": ref("Vpc"), "Tags": NAMED})
    yield from exactly(template, "PublicRoute", routes("PublicRouteTable", GatewayId=ref("InternetGateway")))
    for subnet_name, table in [
        ("PublicSubnet1", "PublicRouteTable"),
        ("PublicSubnet2", "PublicRouteTable"),
        ("PrivateSubnet1", "PrivateRouteTable1"),
        ("PrivateSubnet2", "PrivateRouteTable2"),
    ]:
        yield from exactly(template, f"{subnet_name}Routes", {"SubnetId": ref(subnet_name), "RouteTableId": ref(table)})


def servers_reach_the_internet_from_their_own_zone(template):
    """With one NAT gateway, the second zone uses that of the first."""
    second = {"Fn::If": ["HasTwoNatGateways", ref("NatGateway2"), ref("NatGateway1")]}
    yield from exactly(template, "PrivateRoute1", routes("PrivateRouteTable1", NatGatewayId=ref("NatGateway1")))
    yield from exactly(template, "PrivateRoute2", routes("PrivateRouteTable2", NatGatewayId=second))
    for number in (1, 2):
        yield from exactly(template, f"NatAddress{number}", {"Domain": "vpc"})
        yield from exactly(template, f"NatGateway{number}", {
            "SubnetId": ref(f"PublicSubnet{number}"),
            "AllocationId": att(f"NatAddress{number}", "AllocationId"),
            "ConnectivityType": "public",
        })


def ec2(kind, **others):
    return {"Type": f"AWS::EC2::{kind}", **others}


ATTACHED = {"DependsOn": "InternetGatewayAttachment"}
SECOND = {"Condition": "HasTwoNatGateways"}
RESOURCES = {
    "Vpc": ec2("VPC"),
    "InternetGateway": ec2("InternetGateway"),
    "InternetGatewayAttachment": ec2("VPCGatewayAttachment"),
    "PublicSubnet1": ec2("Subnet"),
    "PublicSubnet2": ec2("Subnet"),
    "PrivateSubnet1": ec2("Subnet"),
    "PrivateSubnet2": ec2("Subnet"),
    "PublicRouteTable": ec2("RouteTable"),
    "PrivateRouteTable1": ec2("RouteTable"),
    "PrivateRouteTable2": ec2("RouteTable"),
    "PublicRoute": ec2("Route", **ATTACHED),
    "PrivateRoute1": ec2("Route"),
    "PrivateRoute2": ec2("Route"),
    "PublicSubnet1Routes": ec2("SubnetRouteTableAssociation"),
    "PublicSubnet2Routes": ec2("SubnetRouteTableAssociation"),
    "PrivateSubnet1Routes": ec2("SubnetRouteTableAssociation"),
    "PrivateSubnet2Routes": ec2("SubnetRouteTableAssociation"),
    "NatAddress1": ec2("EIP", **ATTACHED),
    "NatAddress2": ec2("EIP", **ATTACHED, **SECOND),
    "NatGateway1": ec2("NatGateway", DependsOn="PublicRoute"),
    "NatGateway2": ec2("NatGateway", DependsOn="PublicRoute", **SECOND),
}


def joined(*values):
    return {"Fn::Join": [",", list(values)]}


RULES = [
    parameters({
        "vpcCidr": Parameter(
            ["10.1.0.0/22", "172.31.0.0/16", "192.168.0.0/16"],
            ["", "10.0.0.0", "10.0.0.0/8", "10.0.0.0/23", "10.0/16", "172.15.0.0/16", "172.32.0.0/16", "8.8.0.0/16"],
            default="10.0.0.0/16",
        ),
        "natGateways": Parameter([1, 2], [0, 3], default=2, type="Number"),
    }),
    conditions({"HasTwoNatGateways": {"Fn::Equals": [ref("natGateways"), 2]}}),
    resources(RESOURCES),
    each_zone_has_a_public_and_a_private_subnet,
    only_public_subnets_are_reached_from_the_internet,
    servers_reach_the_internet_from_their_own_zone,
    outputs({
        "VpcId": ref("Vpc"),
        "PublicSubnetIds": joined(ref("PublicSubnet1"), ref("PublicSubnet2")),
        "PrivateSubnetIds": joined(ref("PrivateSubnet1"), ref("PrivateSubnet2")),
        "PrivateRouteTableIds": joined(ref("PrivateRouteTable1"), ref("PrivateRouteTable2")),
        # The servers trust these addresses, and no others, to say who the client is.
        "BalancerCidrs": joined(att("PublicSubnet1", "CidrBlock"), att("PublicSubnet2", "CidrBlock")),
    }),
]
