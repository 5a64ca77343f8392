"""Each alarm has its entry in docs/alarms.md, and each entry has an alarm. The page names nothing that is not there."""

import re
import unittest

from rules.log_lines import texts_of_the_server
from templates import INFRA, NAMES, loaded

PAGE = (INFRA.parent / "docs/alarms.md").read_text()
TEMPLATES = {name: loaded(name) for name in NAMES}


def slug(heading):
    """The anchor that GitHub and GitLab make of a heading."""
    return re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-")


def alarms():
    """Each alarm with the template that has it."""
    for template, found in TEMPLATES.items():
        for name, resource in found["Resources"].items():
            if resource["Type"] == "AWS::CloudWatch::Alarm":
                yield name, template, resource["Properties"]


class Alarms(unittest.TestCase):
    def test_each_has_an_entry_and_each_entry_has_an_alarm(self):
        entries = re.findall(r"^### (.*)$", PAGE, re.M)
        anchors = [slug(entry) for entry in entries]
        self.assertEqual(len(anchors), len(set(anchors)), "an anchor is there twice")
        linked = {described["AlarmDescription"]["Fn::Sub"].split("${runbookUrl}#")[1] for _, _, described in alarms()}
        self.assertEqual(set(anchors), linked)

    def test_an_entry_says_what_citizens_notice_where_to_look_and_what_to_do(self):
        for entry in PAGE.split("\n### ")[1:]:
            heading, text = entry.split("\n", 1)
            text = text.split("\n## ")[0]
            with self.subTest(entry=heading):
                if not re.match(r"\s*See \[", text):
                    self.assertEqual(re.findall(r"^- \*\*(Citizens|Look|Do)\*\*", text, re.M), ["Citizens", "Look", "Do"])

    def test_it_quotes_lines_that_the_server_writes(self):
        """A quotation with a small first letter and a space is a line of the log. Only commands are quoted besides."""
        texts = texts_of_the_server()
        for quoted in set(re.findall(r"`([a-z][a-z-]* [a-z][a-z -]+)`", PAGE)) - {"server check"}:
            with self.subTest(quoted=quoted):
                self.assertTrue(any(text.startswith(quoted) for text in texts))

    def test_it_names_parameters_and_outputs_that_exist(self):
        known = {name for found in TEMPLATES.values() for section in ("Parameters", "Outputs") for name in found.get(section, {})}
        named = re.findall(r"`([A-Za-z]+[a-z][A-Z][A-Za-z]*)`", PAGE)
        self.assertGreater(len(named), 5)
        self.assertEqual({name for name in named if name not in known}, set())


if __name__ == "__main__":
    unittest.main()
