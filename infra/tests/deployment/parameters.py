"""The values with which the templates are deployed here. Outputs of earlier stacks are added to them."""

import copy
import io
import subprocess
import tempfile
import zipfile
from pathlib import Path

from .aws import ACCOUNT, REGION

TEMPLATES = ("data", "user-pool", "network", "app", "watch", "lambda")
# The emulator's client ids have capital letters, and its ids of balancers all letters. Those of AWS have neither.
OWN_IDS = {"userPoolWebClientId", "caseWorkersClientId", "balancerFullName", "targetGroupFullName"}
# The stand-ins' client ids (local/src/providers/vendors).
VALUES = {
    "publicUrl": "https://mydata.example",
    "runbookUrl": "https://runbook.example/alarms",
    "alarmEmail": "operator@example.com",
    "uniquePrefix": "mydata-deployment",
    "imageUri": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/my-data@sha256:{'5' * 64}",
    "organisation": "An organisation",
    "contactUrl": "https://organisation.example/contact",
    "privacyUrl": "https://organisation.example/privacy",
    "itsmeClientId": "mydata-user-pool",
    "itsmeService": "MYDATA_LOGIN",
    "loginGovClientId": "urn:gov:gsa:openidconnect.profiles:sp:sso:local:my_data",
    "auth0ClientId": "bXlkYXRhbG9jYWxzdGFuZGluYXBwbGlj",
    "auth0IssuerURL": "https://example.eu.auth0.com/",
    "beyondIdentityClientId": "6e0f0f1e5d5b4a3c9a8b7c6d",
    "beyondIdentityIssuerURL": "https://auth-eu.beyondidentity.com/v1/tenants/1/realms/2/applications/3",
    "documentsApplicationArn": "arn:aws:sso::123456789012:application/ssoins-1111111111111111/apl-2222222222222222",
    "documentsRoleArn": "arn:aws:iam::123456789012:role/my-data-person",
    "samlMetadataURL": f"https://portal.sso.{REGION}.amazonaws.com/saml/metadata/example",
}


def secrets(aws, key_arn):
    """Makes secrets under this key: a function that takes a name and a value, and returns an ARN."""

    def make(name, value):
        return aws.secretsmanager.create_secret(Name=f"my-data/{name}", SecretString=value, KmsKeyId=key_arn)["ARN"]

    return make


def prepared(aws, server, key_arn):
    """What a reader of docs/deploy.md makes besides the stacks, once there is a key: secrets of the providers, a signing key, a
    certificate, and an archive for the function. Returns parameters, and the certificate of the signing key."""
    made = {"certificateArn": aws.acm.request_certificate(DomainName="mydata.example", ValidationMethod="DNS")["CertificateArn"]}
    secret = secrets(aws, key_arn)
    for name in ("itsme", "auth0", "beyondIdentity"):
        made[f"{name}ClientSecretArn"] = secret(name, f"a-secret-that-{name}-gave-to-the-user-pool")
    key, certificate = signing_key(server)
    aws.s3.create_bucket(Bucket="my-data-code", CreateBucketConfiguration={"LocationConstraint": REGION})
    aws.s3.put_object(Bucket="my-data-code", Key="my-data.zip", Body=archive("bootstrap"))
    layer = aws["lambda"].publish_layer_version(LayerName="LambdaAdapterLayerArm64", Content={"ZipFile": archive("adapter")})
    made |= {"codeBucket": "my-data-code", "codeKey": "my-data.zip", "adapterLayerArn": layer["LayerVersionArn"]}
    made["loginGovSigningKeySecretArn"] = secret("login-gov-signing-key", key)
    return made, certificate


def changing(aws, server, key_arn):
    """What is there besides while keys and secrets are being changed (docs/KEYS.md)."""
    secret = secrets(aws, key_arn)
    return {
        "pseudonymGeneration": "2",
        "previousPseudonymKeySecretArn": secret("previous-pseudonym-key", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
        "otherSessionKeySecretArn": secret("other-session-key", "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8="),
        "previousLoginGovBridgeSecretArn": secret("previous-bridge-secret", "a-bridge-secret-that-is-being-replaced"),
        "otherLoginGovSigningKeySecretArn": secret("other-signing-key", signing_key(server)[0]),
    }


def signing_key(server):
    """A private key and its certificate, made as an operator makes them."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([server, "federation", "new-key", "login-gov"], cwd=folder, check=True, capture_output=True)
        key, certificate = (Path(folder, f"login-gov.{end}").read_text("utf-8") for end in ("pem", "crt"))
        return key, certificate


def archive(name):
    """A ZIP archive with one file, which nothing runs."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as files:
        files.writestr(name, "#!/bin/false")
    return packed.getvalue()


def of(template, made):
    """The values of a template's parameters: those here, and `made` so far."""
    known = VALUES | made
    return {name: known[name] for name in template.get("Parameters", {}) if name in known}


def as_parameters(outputs):
    """Outputs by the names of the parameters that they feed: `UserPoolId` as `userPoolId`."""
    return {name[0].lower() + name[1:]: value for name, value in outputs.items()}


def loosened(template):
    """The template, but any value for the parameters whose values look different at AWS."""
    parameters = copy.deepcopy(template.get("Parameters", {}))
    for name in OWN_IDS & set(parameters):
        del parameters[name]["AllowedPattern"]
    return template | {"Parameters": parameters}
