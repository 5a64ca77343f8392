"""Between the server and the emulator. It gives out credentials as ECS does, notes what the server calls, and asks for the rights
on the key that AWS asks for and the emulator does not."""

import http.client
import json
import re
import threading
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from ministack.core.iam_evaluator import EvalContext, evaluate, parse_policy_document

from .aws import ACCOUNT, REGION
from .role import Right

KEY_ID = re.compile(r"Credential=([^/]+)/")
DENIED = re.compile(r'"AccessDeniedException".* is not authorized to perform: ([a-zA-Z:]+)')
TRANSACTION = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem", "Get": "GetItem"}
# They say nothing of what is stored, so DynamoDB does not need the key for them.
DESCRIBES = ("dynamodb:DescribeTable", "dynamodb:DescribeTimeToLive")


def table_arn(name):
    return name if name.startswith("arn:") else f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}"


def rights_for(target, body):
    """What a call needs: each action on its resource."""
    service, operation = target.split(".")
    if service == "secretsmanager":
        return [Right(f"secretsmanager:{operation}", body["SecretId"])]
    if operation.startswith("Transact"):
        items = [pair for item in body["TransactItems"] for pair in item.items()]
        return [Right(f"dynamodb:{TRANSACTION[kind]}", table_arn(one["TableName"])) for kind, one in items]
    action = f"dynamodb:{operation}"
    if operation.startswith("Batch"):
        return [Right(action, table_arn(name)) for name in body["RequestItems"]]
    index = f"/index/{body['IndexName']}" if "IndexName" in body else ""
    return [Right(action, table_arn(body["TableName"]) + index)]


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request, client_address):
        """A client may hang up, for example when it is stopped."""


class Gate:
    """Listens on a free port of loopback.

    - `sessions`: credentials by name, served as ECS does at `/credentials/{name}`.
    - `policies`: the policy of each session, by its access key id.
    - `keys`: the key of each table and each secret, by their ARN.
    """

    def __init__(self, aws, keys):
        self.aws, self.keys = aws, keys
        self.sessions, self.policies = {}, {}
        self.called, self.denied = defaultdict(set), defaultdict(list)
        self.lock, self.decided = threading.Lock(), {}
        # What the emulator refused for other reasons than rights and conditions.
        self.failures = []
        emulator = urlsplit(aws.url)
        gate = self

        class Handler(BaseHTTPRequestHandler):
            """One connection of a server, with one to the emulator."""

            protocol_version = "HTTP/1.1"

            def setup(self):
                super().setup()
                self.emulator = http.client.HTTPConnection(emulator.hostname, emulator.port)

            def finish(self):
                self.emulator.close()
                super().finish()

            def log_message(self, *_):
                pass

            def do_GET(self):
                name = self.path.rsplit("/", 1)[1]
                if self.path.startswith("/credentials/"):
                    self.answer(200, gate.credentials(name))
                elif self.path.startswith("/denied/"):
                    self.answer(200, [str(right) for right in gate.denied[gate.sessions[name]["AccessKeyId"]]])
                else:
                    self.answer(404, {})

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                who = KEY_ID.search(self.headers.get("authorization", ""))[1]
                rights = rights_for(self.headers["x-amz-target"], json.loads(body))
                with gate.lock:
                    gate.called[who].update(rights)
                for right in rights:
                    if refused := gate.refusal_of_key(who, right):
                        return self.refuse(who, refused)
                # With the host that was signed.
                self.emulator.request("POST", self.path, body, dict(self.headers))
                answer = self.emulator.getresponse()
                content = answer.read()
                if answer.status != 200 and (action := DENIED.search(content.decode())):
                    with gate.lock:
                        of_action = [right for right in rights if right.action == action[1]]
                        # Of a transaction over both tables, the answer does not say which one.
                        gate.denied[who].extend(right for right in of_action if not allows(gate.policies[who], right))
                elif answer.status != 200 and b"ConditionalCheckFailed" not in content:
                    gate.failures.append(f"{self.headers['x-amz-target']}: {answer.status} {content[:300]}")
                self.send_response(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in ("content-length", "transfer-encoding", "connection", "date", "server"):
                        self.send_header(name, value)
                self.end(content)

            def refuse(self, who, right):
                with gate.lock:
                    gate.denied[who].append(right)
                message = f"User is not authorized to perform: kms:Decrypt on resource: {right.resource}"
                self.answer(400, {"__type": "com.amazon.coral.service#AccessDeniedException", "message": message})

            def answer(self, status, value):
                self.send_response(status)
                self.send_header("content-type", "application/x-amz-json-1.0")
                self.end(json.dumps(value).encode())

            def end(self, content):
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def add(self, name, credentials, document):
        """A session with this policy."""
        self.sessions[name] = credentials
        self.policies[credentials["AccessKeyId"]] = document

    def credentials(self, name):
        """As the container agent of ECS answers."""
        found = self.sessions[name]
        return {
            "AccessKeyId": found["AccessKeyId"],
            "SecretAccessKey": found["SecretAccessKey"],
            "Token": found["SessionToken"],
            "Expiration": found["Expiration"].strftime("%Y-%m-%dT%H:%M:%SZ"),
        }

    def refusal_of_key(self, who, right):
        """The right on a key that the session lacks for this call, if any."""
        key = self.keys.get(right.resource.split("/index/")[0])
        if key is None or right.action in DESCRIBES:
            return None
        service = f"{right.action.split(':')[0]}.{REGION}.amazonaws.com"
        needed = Right("kms:Decrypt", key, service)
        with self.lock:
            self.called[who].add(needed)
            if (who, needed) not in self.decided:
                self.decided[who, needed] = allows(self.policies[who], needed)
            return None if self.decided[who, needed] else needed


def allows(document, right):
    """Whether a policy has a right. The emulator's own evaluator decides, as it does for each call; its policy simulator would not do,
    because it ignores conditions."""
    context = EvalContext(
        principal_arn=f"arn:aws:sts::{ACCOUNT}:assumed-role/server/server",
        principal_type="AssumedRole",
        principal_account=ACCOUNT,
        action=right.action,
        resource_arn=right.resource,
        region=REGION,
        service_context={"kms:viaservice": right.service} if right.service else {},
    )
    return evaluate(context, [parse_policy_document(document)]).decision == "Allow"
