"""What the guides in docs/providers tell people to enter into a user pool."""

import json
import re
from functools import cache

from templates import INFRA

# The values that the guides use as examples, as the parameters of a template would have them.
EXAMPLES = {
    "publicUrl": "https://mydata.example",
    "itsmeClientId": "itsme-client-id",
    "itsmeIssuerURL": "https://idp.e2e.itsme.services/v2",
    "itsmeService": "CODE",
    "loginGovClientId": "urn:gov:gsa:openidconnect.profiles:sp:sso:my_agency:my_data",
    "loginGovIssuerURL": "https://idp.int.identitysandbox.gov/",
    "auth0ClientId": "auth0-client-id",
    "auth0IssuerURL": "https://TENANT.eu.auth0.com/",
    "beyondIdentityClientId": "beyond-identity-client-id",
    "beyondIdentityIssuerURL": "https://auth-us.beyondidentity.com/v1/tenants/TENANT/realms/REALM/applications/APPLICATION",
}


@cache
def guide(kind):
    """The details and the mapping in a guide. `client_secret` is left out: a template never has its value."""
    text = (INFRA.parent / f"docs/providers/{kind}.md").read_text()
    blocks = [json.loads(block) for block in re.findall(r"^```json\n(.*?)^```", text, re.M | re.S)]
    details = next(block for block in blocks if "authorize_scopes" in block)
    mapping = next(block for block in blocks if "custom:eid" in block)
    return {key: value for key, value in details.items() if key != "client_secret"}, mapping


def name_in(kind):
    """The name of the provider in the user pool."""
    text = (INFRA.parent / f"docs/providers/{kind}.md").read_text()
    return re.search(r'^name\s*= "(.+)"$', text, re.M)[1]


def shown(value):
    """A value of a template with the examples of the guides in the place of parameters."""
    if isinstance(value, dict) and set(value) == {"Ref"}:
        return EXAMPLES[value["Ref"]]
    if isinstance(value, dict) and set(value) == {"Fn::Sub"}:
        return re.sub(r"\$\{(\w+)\}", lambda found: EXAMPLES[found[1]], value["Fn::Sub"])
    return value
