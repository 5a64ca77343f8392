"""Mistakes in the template, and the rules that notice them."""

from templates import in_resource

SUBNETS, PRIVATE, NAT, RESOURCES = (
    "each_zone_has_a_public_and_a_private_subnet",
    "only_public_subnets_are_reached_from_the_internet",
    "servers_reach_the_internet_from_their_own_zone",
    "resources_are_those_decided_on",
)
MISTAKES = [
    (in_resource("Vpc", "EnableDnsSupport"), False, SUBNETS),
    (in_resource("Vpc", "EnableDnsHostnames"), None, SUBNETS),
    (in_resource("Vpc", "InstanceTenancy"), "dedicated", SUBNETS),
    (in_resource("PublicSubnet1", "MapPublicIpOnLaunch"), True, SUBNETS),
    (in_resource("PrivateSubnet1", "MapPublicIpOnLaunch"), True, SUBNETS),
    (in_resource("PrivateSubnet2", "AvailabilityZone", "Fn::Select", 0), 0, SUBNETS),
    (in_resource("PrivateSubnet2", "CidrBlock", "Fn::Select", 0), 1, SUBNETS),
    (in_resource("PublicSubnet2", "CidrBlock", "Fn::Select", 1, "Fn::Cidr", 2), 4, SUBNETS),
    (in_resource("PrivateRoute1", "NatGatewayId"), None, NAT),
    (in_resource("PrivateRoute1", "GatewayId"), {"Ref": "InternetGateway"}, NAT),
    (in_resource("PrivateRoute2", "NatGatewayId"), {"Ref": "NatGateway2"}, NAT),
    (in_resource("PrivateRoute2", "RouteTableId"), {"Ref": "PrivateRouteTable1"}, NAT),
    (in_resource("NatGateway1", "SubnetId"), {"Ref": "PrivateSubnet1"}, NAT),
    (in_resource("NatGateway2", "ConnectivityType"), "private", NAT),
    (in_resource("NatGateway2", "AllocationId", "Fn::GetAtt", 0), "NatAddress1", NAT),
    (in_resource("PrivateSubnet1Routes", "RouteTableId"), {"Ref": "PublicRouteTable"}, PRIVATE),
    (in_resource("PublicSubnet2Routes", "RouteTableId"), {"Ref": "PrivateRouteTable2"}, PRIVATE),
    (in_resource("PublicRoute", "DestinationCidrBlock"), "10.0.0.0/8", PRIVATE),
    (in_resource("PublicRoute", "GatewayId"), None, PRIVATE),
    (("Resources", "InternetGateway", "Properties"), {"Tags": []}, PRIVATE),
    (("Resources", "PublicRoute", "DependsOn"), None, RESOURCES),
    (("Resources", "NatAddress1", "DependsOn"), None, RESOURCES),
    (("Resources", "NatGateway1", "DependsOn"), None, RESOURCES),
    (("Resources", "NatGateway2", "Condition"), None, RESOURCES),
    (("Resources", "InternetGatewayAttachment"), None, f"{PRIVATE} {RESOURCES}"),
    (("Resources", "FlowLog"), {"Type": "AWS::EC2::FlowLog", "Properties": {}}, RESOURCES),
    (("Conditions", "HasTwoNatGateways", "Fn::Equals", 1), 1, "conditions_depend_on_the_right_parameter"),
    (("Parameters", "vpcCidr", "AllowedPattern"), ".*", "parameters_accept_what_is_right"),
    (("Parameters", "natGateways", "AllowedValues"), [0, 1, 2], "parameters_accept_what_is_right"),
    (("Outputs", "BalancerCidrs", "Value"), {"Ref": "vpcCidr"}, "outputs_name_what_they_say"),
    (("Outputs", "PrivateSubnetIds", "Value", "Fn::Join", 1, 1), {"Ref": "PublicSubnet2"}, "outputs_name_what_they_say"),
]

# Any value is right here: the reason by place.
FREE = {
    f"Resources.{name}.Properties.Tags.0.Value.Fn::Sub": "people read it"
    for name in (
        "PublicSubnet1", "PublicSubnet2", "PublicRouteTable", "PrivateSubnet1", "PrivateSubnet2", "PrivateRouteTable1", "PrivateRouteTable2"
    )
}
