"""The commands for AWS on the pages for operators are commands that AWS's services have, with parameters that they have."""

import re
import shlex
import unittest

import botocore.session

from templates import INFRA

PAGES = ["operations.md", "alarms.md", "KEYS.md", "deploy.md"]
# Of the command line itself, as all of `aws s3` is.
OWN = {("logs", "tail")}
FLAGS = {"query", "output", "region", "profile"}


def commands(page):
    """Each command of a page, as its words. A line that ends with a backslash continues."""
    text = (INFRA.parent / "docs" / page).read_text().replace("\\\n", " ")
    inside = re.findall(r"```sh\n(.*?)```", text, re.S) + re.findall(r"`(aws [^`]+)`", text)
    for block in inside:
        for line in block.splitlines():
            found = re.search(r"\baws .*", line)
            if found:
                yield shlex.split(found[0], comments=True)


def faults(words, session):
    """What AWS's own description says against a command."""
    _, service, name, *arguments = words
    if service == "s3" or (service, name) in OWN:
        return []
    if service not in session.get_available_services():
        return [f"no service {service}"]
    if name == "wait":
        waiters = {re.sub("(?<!^)(?=[A-Z])", "-", waiter).lower() for waiter in session.get_waiter_model(service).waiter_names}
        return [] if arguments[0] in waiters else [f"no waiter {arguments[0]}"]
    model = session.get_service_model(service)
    known = {operation.lower(): operation for operation in model.operation_names}
    operation = known.get(name.replace("-", "").lower())
    if not operation:
        return [f"no operation {name}"]
    shape = model.operation_model(operation).input_shape
    members = {member.lower() for member in shape.members}
    given = {word[2:].replace("-", "").lower() for word in arguments if word.startswith("--")}
    # A flag without a value that turns something off.
    given = {word.removeprefix("no") if word.removeprefix("no") in members else word for word in given}
    missing = {member.lower() for member in shape.required_members} - given
    elided = any("…" in word for word in arguments)
    return [f"no parameter {word}" for word in given - members - FLAGS] + ([] if elided else [f"without {word}" for word in missing])


class Pages(unittest.TestCase):
    def test_each_command_is_one_of_the_services(self):
        session = botocore.session.get_session()
        for page in PAGES:
            count = 0
            for words in commands(page):
                # A name in the text, such as `aws ecs`, is no command.
                if len(words) < 4:
                    continue
                count += 1
                with self.subTest(page=page, command=" ".join(words)):
                    self.assertEqual(faults(words, session), [])
            self.assertGreater(count, 0, page)

    def test_a_mistake_is_noticed(self):
        session = botocore.session.get_session()
        for command, fault in [
            ("aws dynamodb restore-table --table-name a", "no operation restore-table"),
            ("aws dynamodb delete-table --name a", "no parameter name"),
            ("aws dynamodb delete-table --output text", "without tablename"),
            ("aws dynamodb wait table-there --table-name a", "no waiter table-there"),
            ("aws dynamo delete-table --table-name a", "no service dynamo"),
        ]:
            with self.subTest(command=command):
                self.assertIn(fault, faults(shlex.split(command), session))


if __name__ == "__main__":
    unittest.main()
